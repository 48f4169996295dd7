//! Who of the office may do what. A role is a set of rights; only `admin` has all of them.

use serde::{Deserialize, Serialize};

/// A person's part in the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[clap(rename_all = "snake_case")]
pub enum Role {
    /// Looks: cases (masked), waves, selections.
    Viewer,
    /// Decides over cases and appeals.
    CaseWorker,
    /// Makes waves and draws.
    WaveManager,
    /// Everything, operators and audit log included.
    Admin,
}

/// What an action needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// To look.
    Look,
    /// To decide over cases.
    Cases,
    /// To make waves and draw.
    Waves,
    /// To say who may what, and to read the audit log.
    Office,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::CaseWorker, Self::WaveManager, Self::Admin];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::CaseWorker => "case_worker",
            Self::WaveManager => "wave_manager",
            Self::Admin => "admin",
        }
    }

    /// The role of a word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether the role has a right.
    pub fn has(self, right: Right) -> bool {
        match right {
            Right::Look => true,
            Right::Cases => matches!(self, Self::CaseWorker | Self::Admin),
            Right::Waves => matches!(self, Self::WaveManager | Self::Admin),
            Right::Office => self == Self::Admin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_rights() {
        use Right::{Cases, Look, Office, Waves};
        let rows: [(Role, &[Right]); 4] = [
            (Role::Viewer, &[Look]),
            (Role::CaseWorker, &[Look, Cases]),
            (Role::WaveManager, &[Look, Waves]),
            (Role::Admin, &[Look, Cases, Waves, Office]),
        ];
        for (role, rights) in rows {
            for right in [Look, Cases, Waves, Office] {
                assert_eq!(role.has(right), rights.contains(&right), "{role:?} {right:?}");
            }
            assert_eq!(Role::by_name(role.as_str()), Some(role));
        }
    }
}
