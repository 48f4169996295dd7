//! The words of a check for the terminal and for "copy details", Indonesian and English. The window has its own, with
//! the rest of its language; both say the same.

use crate::stage::{Stage, StageState};
use crate::verdict::{SignUp, Verdict};

/// Language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Bahasa Indonesia.
    #[default]
    Indonesian,
    /// English.
    English,
}

impl Language {
    /// The language of a code (`id`, `en`); Indonesian for anything else.
    pub fn of(code: &str) -> Self {
        if code.eq_ignore_ascii_case("en") { Self::English } else { Self::Indonesian }
    }

    pub(crate) fn pick(self, indonesian: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Indonesian => indonesian,
            Self::English => english,
        }
    }

    /// A number with decimals as this language writes it.
    pub(crate) fn number(self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        match self {
            Self::Indonesian => text.replace('.', ","),
            Self::English => text,
        }
    }

    /// Heading and sentence of a verdict.
    pub(crate) fn verdict(self, verdict: Verdict) -> (&'static str, &'static str) {
        let (id, en) = match verdict {
            Verdict::Stable => (
                ("Koneksi stabil", "Koneksimu stabil. Kamu bisa mendaftar sekarang."),
                ("Connection: stable", "Your connection is stable. You can sign up now."),
            ),
            Verdict::Usable => (
                ("Koneksi lambat, tapi bisa dipakai", "Kamu bisa mendaftar. Prosesnya sedikit lebih lama."),
                ("Connection: slow but usable", "You can sign up. It takes a little longer."),
            ),
            Verdict::Poor => (
                (
                    "Koneksi tidak stabil",
                    "Sebaiknya simpan dulu dan selesaikan nanti. Kamu tetap bisa mencoba sekarang.",
                ),
                ("Connection: unstable", "Better save now and finish later. You can still try now."),
            ),
            Verdict::Offline => (
                ("Tidak ada internet", "Sambungkan komputer ini ke Wi-Fi atau jaringan lain."),
                ("No internet", "Connect this computer to Wi-Fi or another network."),
            ),
            Verdict::NameNotFound => (
                (
                    "Alamat pusat tidak ditemukan",
                    "Jaringan ini tidak mengenal alamat pusat. Coba jaringan lain atau periksa alamatnya di Pengaturan.",
                ),
                (
                    "The office's address is not found",
                    "This network does not know the address. Try another network or check the address in Settings.",
                ),
            ),
            Verdict::ServerUnreachable => (
                ("Pusat tidak terjangkau", "Pusat tidak menjawab dari jaringan ini. Coba lagi nanti."),
                ("The office cannot be reached", "It does not answer on this network. Try again later."),
            ),
            Verdict::Portal => (
                ("Jaringan ini meminta login", "Buka halaman login jaringan ini dulu, lalu cek lagi."),
                ("This network wants you to log in", "Open the network's login page first, then check again."),
            ),
            Verdict::TlsBlocked => (
                (
                    "Sambungan aman diblokir",
                    "Jaringan ini menghalangi atau memeriksa sambungan aman, atau sertifikat server bermasalah. Coba jaringan lain.",
                ),
                (
                    "Secure connection blocked",
                    "This network blocks or inspects the secure connection, or the server's certificate is faulty. Try another network.",
                ),
            ),
            Verdict::ClockWrong => (
                ("Tanggal komputer ini salah", "Betulkan tanggal dan jam komputer ini, lalu cek lagi."),
                ("This computer's date is wrong", "Set this computer's date and time right, then check again."),
            ),
            Verdict::ServerBusy => (
                ("Pusat sedang sibuk", "Banyak orang mendaftar sekarang. Coba lagi nanti."),
                ("The office is busy", "Many people are signing up right now. Try again later."),
            ),
            Verdict::ServerDown => (
                ("Pusat sedang mengalami gangguan", "Ini bukan karena koneksimu. Coba lagi nanti."),
                ("The office has a problem", "This is not your connection's fault. Try again later."),
            ),
            Verdict::TooOld => (
                ("Versi aplikasi ini perlu diperbarui", "Pasang versi terbaru, lalu cek lagi."),
                ("This version of the app needs an update", "Install the newest version, then check again."),
            ),
        };
        match self {
            Self::Indonesian => id,
            Self::English => en,
        }
    }

    /// How long sending the photo takes, as a sentence; counted up.
    pub(crate) fn sending(self, seconds: f64) -> String {
        let (value, id, en) = if seconds < 90.0 { (seconds, "detik", "s") } else { (seconds / 60.0, "menit", "min") };
        let value = value.ceil();
        match self {
            Self::Indonesian => format!("Mengirim foto bisa makan waktu sekitar {value:.0} {id}."),
            Self::English => format!("Sending a photo may take about {value:.0} {en}."),
        }
    }

    /// A difference between two clocks in the largest unit that fits.
    pub(crate) fn difference(self, ms: i64) -> String {
        let seconds = ms.unsigned_abs() as f64 / 1_000.0;
        let (size, id, en) = match seconds {
            ..90.0 => (1.0, "detik", "s"),
            ..5_400.0 => (60.0, "menit", "min"),
            ..172_800.0 => (3_600.0, "jam", "h"),
            ..63_072_000.0 => (86_400.0, "hari", "d"),
            _ => (31_536_000.0, "tahun", "y"),
        };
        let sign = if ms < 0 { "-" } else { "" };
        let decimals = usize::from(seconds < 10.0);
        format!("{sign}{} {}", self.number(seconds / size, decimals), self.pick(id, en))
    }

    /// How long something took: from a second on in seconds, so that it does not read as a round trip.
    pub(crate) fn took(self, ms: u64) -> String {
        if ms < 1_000 { format!("{ms} ms") } else { format!("{} s", self.number(ms as f64 / 1_000.0, 1)) }
    }

    pub(crate) fn stage(self, stage: Stage) -> &'static str {
        match stage {
            Stage::Name => self.pick("Nama alamat", "Name"),
            Stage::Reach => self.pick("Server terjangkau", "Server reached"),
            Stage::Secure => self.pick("Sambungan aman", "Secure connection"),
            Stage::Api => self.pick("Pusat menjawab", "The office answers"),
            Stage::Portal => self.pick("Login jaringan", "Network login"),
            Stage::Quality => self.pick("Kestabilan", "Stability"),
            Stage::Upload => self.pick("Kecepatan kirim", "Upload speed"),
        }
    }

    pub(crate) fn state(self, state: StageState) -> &'static str {
        match state {
            StageState::Waiting => self.pick("menunggu", "waiting"),
            StageState::Running => self.pick("sedang dicek", "running"),
            StageState::Passed => self.pick("baik", "passed"),
            StageState::Failed => self.pick("gagal", "failed"),
            StageState::Skipped => self.pick("tidak perlu", "not needed"),
        }
    }

    pub(crate) fn sign_up(self, sign_up: SignUp) -> &'static str {
        match sign_up {
            SignUp::Open => self.pick("bisa", "open"),
            SignUp::Discouraged => self.pick("sebaiknya nanti", "better later"),
            SignUp::Stopped => self.pick("belum bisa", "not possible yet"),
        }
    }

    /// What is always true, whatever the verdict.
    pub(crate) fn safe(self) -> &'static str {
        self.pick(
            "Yang kamu ketik tersimpan di komputer ini, juga tanpa internet.",
            "What you type is saved on this computer, even without internet.",
        )
    }
}
