//! What a person who gives a demo does with the cluster's time.

use std::{str::FromStr, time::Duration};

use crate::{
    pace::{Pace, PaceError},
    scenario::duration,
    simulator::Simulator,
};

/// A command about the cluster's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steering {
    /// `pause`, `run`, `60x`: at this pace from now on.
    Pace(Pace),
    /// `step 10m`: so much at once.
    Step(Duration),
    /// `time`: as it is.
    Stay,
}

/// A text that is no command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SteeringError {
    /// It names no step.
    #[error("`{0}` is no step; write step 90s, step 10m, step 2h or step 1d")]
    Step(String),
    /// It is nothing.
    #[error("`{0}` is not understood; write pause, run, a pace such as 60x, step 10m, or time")]
    Unknown(String),
    /// It is a pace that cannot be.
    #[error(transparent)]
    Pace(#[from] PaceError),
}

impl FromStr for Steering {
    type Err = SteeringError;

    fn from_str(text: &str) -> Result<Self, SteeringError> {
        match text.trim().split_once(' ') {
            Some(("step", length)) => duration::parse(length.trim())
                .map(Self::Step)
                .ok_or_else(|| SteeringError::Step(length.trim().to_owned())),
            Some(_) => Err(SteeringError::Unknown(text.trim().to_owned())),
            None => match text.trim() {
                "run" => Ok(Self::Pace(Pace::REAL)),
                "time" => Ok(Self::Stay),
                pace if pace == "pause"
                    || pace.starts_with(|first: char| first.is_ascii_digit()) =>
                {
                    Ok(Self::Pace(pace.parse()?))
                }
                other => Err(SteeringError::Unknown(other.to_owned())),
            },
        }
    }
}

impl Simulator {
    /// Does as told. A step lets everything happen that is due in it.
    pub fn steer(&self, steering: Steering) {
        match steering {
            Steering::Pace(pace) => self.set_pace(pace),
            Steering::Step(length) => self.advance(length),
            Steering::Stay => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_and_what_is_none_says_what_would_be() {
        assert_eq!("pause\n".parse(), Ok(Steering::Pace(Pace::PAUSED)));
        assert_eq!("run".parse(), Ok(Steering::Pace(Pace::REAL)));
        assert_eq!("600x".parse(), Ok(Steering::Pace(Pace::FASTEST)));
        assert_eq!(
            "step 10m".parse(),
            Ok(Steering::Step(Duration::from_mins(10)))
        );
        assert_eq!("time".parse(), Ok(Steering::Stay));
        assert!("step far".parse::<Steering>().is_err());
        assert!("9000x".parse::<Steering>().is_err());
        let refused = "jump".parse::<Steering>().unwrap_err().to_string();
        assert!(refused.contains("step 10m"), "{refused}");
    }
}
