//! A person without a mouse: keys go to whatever has the focus, and nothing is ever clicked.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;

use crate::Outcome;
use crate::window::Window;

/// More stops than any screen has before what a person looks for.
const STOPS: usize = 120;

/// The keyboard of a window.
#[derive(Clone, Copy)]
pub struct Keyboard<'a>(pub &'a Window);

impl Keyboard<'_> {
    /// Presses a key.
    pub async fn press(self, key: Key) -> Outcome {
        self.strike(&[], char::from(key)).await
    }

    /// Types into what has the focus.
    pub async fn text(self, text: &str) -> Outcome {
        for letter in text.chars() {
            self.strike(&[], letter).await?;
        }
        Ok(())
    }

    /// Goes on with Tab until something that fits has the focus.
    pub async fn to(self, css: &str) -> Outcome {
        self.walk(css, &[]).await
    }

    /// Goes back with Shift and Tab until something that fits has the focus.
    pub async fn back_to(self, css: &str) -> Outcome {
        self.walk(css, &[char::from(Key::Shift)]).await
    }

    /// Goes to a link or button and follows it with Enter.
    pub async fn follow(self, css: &str) -> Outcome {
        self.to(css).await?;
        self.press(Key::Enter).await
    }

    /// Goes to a field and types.
    pub async fn fill(self, id: &str, text: &str) -> Outcome {
        self.to(&format!("#{id}")).await?;
        self.text(text).await
    }

    /// Goes to a list of options, or to a group of them, and arrows down to the wanted one.
    pub async fn choose(self, css: &str, value: &str) -> Outcome {
        self.to(css).await?;
        let chosen = format!(
            "const e = document.activeElement; return e.value === '{value}' && (e.type !== 'radio' || e.checked)"
        );
        for _ in 0..STOPS {
            if self.0.script(&chosen).await? == true {
                return Ok(());
            }
            // The first radio button of an empty group has the focus and is not chosen yet.
            let empty = "const e = document.activeElement; return e.type === 'radio' && !e.checked";
            let key = if self.0.script(empty).await? == true { Key::Space } else { Key::Down };
            self.press(key).await?;
        }
        Err(format!("arrows do not reach {value} in {css}"))
    }

    async fn walk(self, css: &str, held: &[char]) -> Outcome {
        self.0.wait(css).await?;
        let there = format!("return document.activeElement.matches(\"{css}\")");
        for _ in 0..STOPS {
            if self.0.script(&there).await? == true {
                return Ok(());
            }
            self.strike(held, char::from(Key::Tab)).await?;
        }
        let focused = self.0.script("return document.activeElement.outerHTML.slice(0, 200)").await?;
        Err(format!("the keyboard does not reach {css}; the focus is on {focused}"))
    }

    async fn strike(self, held: &[char], value: char) -> Outcome {
        let mut keys = KeyActions::new("keyboard".to_owned());
        for &value in held {
            keys = keys.then(KeyAction::Down { value });
        }
        keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        for &value in held {
            keys = keys.then(KeyAction::Up { value });
        }
        self.0.keys(keys).await
    }
}
