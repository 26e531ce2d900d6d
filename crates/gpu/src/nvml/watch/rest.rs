//! Letting devices go, so that they can fall asleep.
//!
//! Whoever asks a laptop's GPU once a second keeps it awake, at some watts. So it is left alone once nobody
//! uses it; where it does not fall asleep then, somebody else keeps it awake, and it is watched for longer
//! before it is let go again.

/// Seconds for which nobody may use a device before it is let go.
const UNUSED: u32 = 10;
/// Seconds for which a device that was let go is left alone.
const REST: u32 = 20;
/// The most seconds for which nobody may use a device which does not fall asleep.
const LONGEST: u32 = 640;

/// How long devices are left alone, and how long they are watched before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rest {
    left: u32,
    patience: u32,
}

impl Default for Rest {
    fn default() -> Self {
        Self {
            left: 0,
            patience: UNUSED,
        }
    }
}

impl Rest {
    /// Seconds for which nobody may use the devices before they are let go.
    pub(super) fn patience(self) -> u32 {
        self.patience
    }

    /// Whether they are left alone.
    pub(super) fn is_on(self) -> bool {
        self.left > 0
    }

    /// Lets them go.
    pub(super) fn begin(&mut self) {
        self.left = REST;
    }

    /// So many seconds went by while they were left alone; `all_sleep` where that helped.
    pub(super) fn pass(&mut self, all_sleep: bool, seconds: u32) {
        if all_sleep {
            *self = Self::default();
        } else if self.left > 0 {
            self.left = self.left.saturating_sub(seconds);
            if self.left == 0 {
                self.patience = (self.patience * 2).min(LONGEST);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(rest: &mut Rest) {
        rest.begin();
        while rest.is_on() {
            rest.pass(false, 1);
        }
    }

    #[test]
    fn a_device_that_does_not_fall_asleep_is_let_go_less_and_less_often() {
        let mut rest = Rest::default();
        assert_eq!(rest.patience(), 10);
        passed(&mut rest);
        assert_eq!(rest.patience(), 20);
        for _ in 0..20 {
            passed(&mut rest);
        }
        assert_eq!(rest.patience(), 640);
    }

    #[test]
    fn a_device_that_fell_asleep_is_let_go_soon_after_it_woke() {
        let mut rest = Rest::default();
        passed(&mut rest);
        rest.begin();
        rest.pass(false, 1);
        rest.pass(true, 1);
        assert_eq!(rest, Rest::default());
    }
}
