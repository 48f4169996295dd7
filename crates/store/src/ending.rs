//! The end of the program.
//!
//! SQLCipher takes down the memory that every connection works with in an exit handler of its own. sqlx closes what nobody
//! closed on threads that it does not wait for, and one that is late crashes the program at its very end. A handler that
//! runs before SQLCipher's waits for them; handlers run in the reverse order of their registration.

use std::ffi::c_int;
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

use sqlx::SqliteConnection;

/// Longest wait. A connection that nobody lets go of is idle, or is busy for longer than the end of a program may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// Name of a collation that no statement uses.
const COLLATION: &str = "until_closed";

/// Connections that SQLite has not closed.
static OPEN: Mutex<usize> = Mutex::new(0);
static CLOSED: Condvar = Condvar::new();

/// One of them.
struct Open;

impl Open {
    fn new() -> Self {
        *open() += 1;
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        *open() -= 1;
        CLOSED.notify_all();
    }
}

fn open() -> MutexGuard<'static, usize> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes the end of the program wait for this connection.
pub(crate) async fn waits_for(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    static WAITS: Once = Once::new();
    let this = Open::new();
    // SQLite drops a collation after the pages and their key: nothing of SQLCipher is used after that.
    connection.lock_handle().await?.create_collation(COLLATION, move |one, other| {
        let _lives_as_long = &this;
        one.cmp(other)
    })?;
    WAITS.call_once(|| {
        #[expect(unsafe_code, reason = "nothing safe is told of the end of a program")]
        // SAFETY: the function takes nothing, lives as long as the program and does not unwind. When it cannot be
        // registered (there is no memory), the end is as it would be without it.
        let _ = unsafe { atexit(wait) };
    });
    Ok(())
}

extern "C" fn wait() {
    // Time over or not: the program ends.
    let _ = CLOSED.wait_timeout_while(open(), PATIENCE, |open| *open > 0);
}

#[expect(unsafe_code, reason = "the C library's own declaration")]
// SAFETY: as the C standard (7.22.4.2) declares it, on every system.
unsafe extern "C" {
    fn atexit(handler: extern "C" fn()) -> c_int;
}
