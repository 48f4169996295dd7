//! Computes the `check` of a numeric item, such as `(250000 * 3) * 80 / 100`, exactly, as a fraction. Not a
//! language: numbers, `+ - * /` and parentheses.

use std::fmt;

/// An exact value; the denominator is positive and the fraction is reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fraction {
    over: i128,
    under: i128,
}

impl Fraction {
    /// `over / under`; nothing for a division by zero.
    pub(crate) fn new(over: i128, under: i128) -> Option<Self> {
        let shared = gcd(over.checked_abs()?, under.checked_abs()?);
        if under == 0 || shared == 0 {
            return None;
        }
        let sign = under.signum();
        Some(Self { over: sign * over / shared, under: sign * under / shared })
    }

    /// A number as people of the code write it: digits, at most one point.
    pub(crate) fn decimal(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{part}");
        let plain = !whole.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        (plain && digits.len() <= 18).then_some(())?;
        Self::new(digits.parse().ok()?, 10_i128.checked_pow(part.len().try_into().ok()?)?)
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let left = self.over.checked_mul(other.under)?;
        let right = other.over.checked_mul(self.under)?;
        Self::new(left.checked_add(right)?, self.under.checked_mul(other.under)?)
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        Self::new(self.over.checked_mul(other.over)?, self.under.checked_mul(other.under)?)
    }

    pub(crate) fn divided_by(self, other: Self) -> Option<Self> {
        Self::new(self.over.checked_mul(other.under)?, self.under.checked_mul(other.over)?)
    }

    fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { over: other.over.checked_neg()?, under: other.under })
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.under == 1 { write!(f, "{}", self.over) } else { write!(f, "{}/{}", self.over, self.under) }
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Value of an expression; nothing when it is not one, divides by zero or is too big.
pub(crate) fn value(expression: &str) -> Option<Fraction> {
    let mut reader = Reader { rest: expression, depth: 0 };
    let value = reader.sum()?;
    reader.skip_space();
    reader.rest.is_empty().then_some(value)
}

/// Parentheses in parentheses that are still read; more is no check that a person wrote.
const DEPTH: usize = 16;

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, sign: char) -> bool {
        self.skip_space();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn sum(&mut self) -> Option<Fraction> {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value = value.plus(self.product()?)?;
            } else if self.take('-') {
                value = value.minus(self.product()?)?;
            } else {
                return Some(value);
            }
        }
    }

    fn product(&mut self) -> Option<Fraction> {
        let mut value = self.factor()?;
        loop {
            if self.take('*') {
                value = value.times(self.factor()?)?;
            } else if self.take('/') {
                value = value.divided_by(self.factor()?)?;
            } else {
                return Some(value);
            }
        }
    }

    fn factor(&mut self) -> Option<Fraction> {
        if self.take('(') {
            self.depth += 1;
            (self.depth <= DEPTH).then_some(())?;
            let value = self.sum()?;
            self.depth -= 1;
            return self.take(')').then_some(value);
        }
        self.skip_space();
        let end = self.rest.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(self.rest.len());
        let (number, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Fraction::decimal(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_have_exact_values() {
        let cases = [
            ("1 + 2 * 3", Some((7, 1))),
            ("(1 + 2) * 3", Some((9, 1))),
            ("10 - 4 - 3", Some((3, 1))),
            ("100 / 8 / 5", Some((5, 2))),
            ("(250000*3)*0.8", Some((600_000, 1))),
            ("1/3 + 1/6", Some((1, 2))),
            ("2 - 5", Some((-3, 1))),
            ("0 * 5", Some((0, 1))),
            ("1 / 0", None),
            ("1 / (2 - 2)", None),
            ("1 +", None),
            ("(1", None),
            ("1)", None),
            ("1 2", None),
            ("1.2.3", None),
            (".5", None),
            ("", None),
            ("x", None),
        ];
        for (text, expected) in cases {
            let expected = expected.and_then(|(over, under)| Fraction::new(over, under));
            assert_eq!(value(text), expected, "{text}");
        }
        assert_eq!(value(&format!("{}1{}", "(".repeat(99), ")".repeat(99))), None, "too deep");
        assert_eq!(value(&["999999999999999999"; 9].join("*")), None, "too big");
    }
}
