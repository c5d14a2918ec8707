//! What was proven about a plan: a value that a report carries.

use serde::Serialize;

/// What came out when a plan was run on a scratch database. An answer is `None` where it was not found out; `reason`
/// then says why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The verdict.
    pub status: ProofStatus,
    /// Whether nothing is left between the database and the entities after up.
    pub up_converged: Option<bool>,
    /// Whether down returns exactly the schema that up started from.
    pub down_exact: Option<bool>,
    /// Whether no row was lost, and no value that the plan does not change.
    pub rows_kept: Option<bool>,
    /// What was not found out and why, what failed, or what the verdict leaves out.
    pub reason: Option<String>,
    /// The product and version it was proven on: `PostgreSQL 15.6`.
    #[serde(skip)]
    pub database: Option<String>,
}

/// The verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofStatus {
    /// Up and down do what they should.
    Proven,
    /// It was tried, and could not be found out.
    Unproven,
    /// Up or down does not do what it should.
    Failed,
    /// Nobody wanted to know.
    Skipped,
}

impl ProofStatus {
    /// The word in reports and headers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Unproven => "unproven",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl Proof {
    /// A verdict without answers.
    pub fn without_answers(status: ProofStatus, reason: impl Into<String>) -> Self {
        Self {
            status,
            up_converged: None,
            down_exact: None,
            rows_kept: None,
            reason: Some(reason.into()),
            database: None,
        }
    }

    /// One sentence for people, on one line: what was proven, where, and what not and why.
    pub fn sentence(&self) -> String {
        let mut text = self.status.as_str().to_owned();
        if let Some(database) = &self.database {
            text.push_str(&format!(" on {database}"));
        }
        let answers = [
            (self.up_converged, "up converges", "up does not converge"),
            (self.down_exact, "down is exact", "down is not exact"),
            (self.rows_kept, "rows are kept", "rows are lost or changed"),
        ];
        let said: Vec<&str> = answers
            .iter()
            .filter_map(|(answer, yes, no)| answer.map(|answer| if answer { *yes } else { *no }))
            .collect();
        for part in [said.join(", "), self.reason.clone().unwrap_or_default()].iter().filter(|part| !part.is_empty()) {
            text.push_str(if text.contains(": ") { "; " } else { ": " });
            text.push_str(part);
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_one_line() {
        let proven = Proof {
            status: ProofStatus::Proven,
            up_converged: Some(true),
            down_exact: Some(true),
            rows_kept: Some(true),
            reason: None,
            database: Some("SQLite 3.50".into()),
        };
        assert_eq!(proven.sentence(), "proven on SQLite 3.50: up converges, down is exact, rows are kept");
        let skipped = Proof::without_answers(ProofStatus::Skipped, "not wanted\n(--no-prove)");
        assert_eq!(skipped.sentence(), "skipped: not wanted (--no-prove)");
    }
}
