//! What a scheme may have of its own (an outside party, a question bank), and what the other schemes share.

use std::collections::BTreeMap;

use crate::config::{Config, OfScheme};
use crate::schemes::Schemes;

/// One thing for each scheme.
#[derive(Debug)]
pub(crate) struct ByScheme<T> {
    shared: T,
    own: BTreeMap<String, T>,
}

impl<T> ByScheme<T> {
    /// The same for all schemes.
    pub(crate) fn same(shared: T) -> Self {
        Self { shared, own: BTreeMap::new() }
    }

    /// `own` makes what a scheme has of its own, from its version and its settings; `None` leaves it what is shared.
    ///
    /// # Errors
    /// The first error of `own`.
    pub(crate) fn new<E>(
        shared: T,
        config: &Config,
        own: impl Fn(&str, &OfScheme) -> Result<Option<T>, E>,
    ) -> Result<Self, E> {
        let mut by_version = BTreeMap::new();
        for (version, settings) in &config.by_scheme {
            if let Some(made) = own(version, settings)? {
                by_version.insert(version.clone(), made);
            }
        }
        Ok(Self { shared, own: by_version })
    }

    /// What a scheme has.
    pub(crate) fn of(&self, version: &str) -> &T {
        self.own.get(version).unwrap_or(&self.shared)
    }

    /// Versions of the schemes of which `which` holds, as a list to be read; `None` when there is none.
    pub(crate) fn versions(&self, schemes: &Schemes, which: impl Fn(&T) -> bool) -> Option<String> {
        let versions = schemes.all().iter().map(|scheme| scheme.version.as_str());
        let found: Vec<&str> = versions.filter(|version| which(self.of(version))).collect();
        (!found.is_empty()).then(|| found.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_has_its_own_or_what_is_shared() {
        let config = Config {
            by_scheme: [("2020".to_owned(), OfScheme::default()), ("2021".to_owned(), OfScheme::default())].into(),
            ..Config::default()
        };
        let own = |version: &str, _: &OfScheme| Ok::<_, ()>((version == "2020").then_some("own"));
        let made = ByScheme::new("shared", &config, own).unwrap();
        let found = ["2020", "2021", "2023"].map(|version| *made.of(version));
        assert_eq!(found, ["own", "shared", "shared"]);
        assert!(ByScheme::new("shared", &config, |_, _| Err::<Option<&str>, _>("no")).is_err());

        let schemes = Schemes::load(&Config::default()).unwrap();
        assert_eq!(made.versions(&schemes, |it| *it == "shared").as_deref(), Some("2023"));
        assert_eq!(ByScheme::same(1).versions(&schemes, |it| *it == 1).as_deref(), Some("2020, 2023"));
        assert_eq!(made.versions(&schemes, |it| it.is_empty()), None);
    }
}
