//! The figures of a device that say what it does now: utilization, temperature, power, clocks.

use nvml_wrapper::enum_wrappers::device::{Clock, TemperatureSensor};
use strata_domain::reading::{Absence, Figure, Said, Source};

use super::{Watched, float};
use crate::nvml::{
    calls::{Caller, absence},
    raw,
};

impl Watched<'_> {
    /// What is asked at every beat.
    pub(super) fn quick(&mut self, caller: &mut Caller<'_>) {
        if self.has_mig {
            let at = caller.now();
            for figure in [Figure::Utilization, Figure::MemoryUtilization] {
                self.keep(
                    figure,
                    Said::Absent(Absence::NotSupported),
                    Source::Nvml,
                    at,
                );
            }
        } else {
            self.utilization(caller);
        }
        self.memory(caller);
        self.ask(
            Figure::Temperature,
            "nvmlDeviceGetTemperature",
            caller,
            |device| device.temperature(TemperatureSensor::Gpu).map(f64::from),
        );
        self.ask(Figure::Power, "nvmlDeviceGetPowerUsage", caller, |device| {
            device
                .power_usage()
                .map(|milliwatts| f64::from(milliwatts) / 1e3)
        });
        self.ask(
            Figure::SmClock,
            "nvmlDeviceGetClockInfo",
            caller,
            |device| device.clock_info(Clock::SM).map(f64::from),
        );
        self.monitoring(caller);
    }

    fn utilization(&mut self, caller: &mut Caller<'_>) {
        if self.unsupported.contains(&Figure::Utilization) {
            return;
        }
        let outcome = caller.call(&self.sample.id, "nvmlDeviceGetUtilizationRates", || {
            self.device.utilization_rates()
        });
        let at = caller.now();
        let (device, memory) = match outcome {
            Ok(rates) => (Ok(rates.gpu), Ok(rates.memory)),
            Err(error) => {
                self.note(&error);
                let absence = absence(&error);
                (Err(absence), Err(absence))
            }
        };
        for (figure, outcome) in [
            (Figure::Utilization, device),
            (Figure::MemoryUtilization, memory),
        ] {
            let said = outcome.map_or_else(Said::Absent, |percent| {
                figure.judge(f64::from(percent) / 100.0)
            });
            self.keep(figure, said, Source::Nvml, at);
        }
    }

    /// What costs more, and moves slowly.
    pub(super) fn slow(&mut self, caller: &mut Caller<'_>) {
        self.ask(
            Figure::FanSpeed,
            "nvmlDeviceGetFanSpeed",
            caller,
            |device| {
                device
                    .fan_speed(0)
                    .map(|percent| f64::from(percent) / 100.0)
            },
        );
        self.ask(
            Figure::MemoryClock,
            "nvmlDeviceGetClockInfo",
            caller,
            |device| device.clock_info(Clock::Memory).map(f64::from),
        );
        self.ask(
            Figure::EncoderUtilization,
            "nvmlDeviceGetEncoderUtilization",
            caller,
            |device| {
                let told = device.encoder_utilization()?;
                Ok(f64::from(told.utilization) / 100.0)
            },
        );
        self.ask(
            Figure::DecoderUtilization,
            "nvmlDeviceGetDecoderUtilization",
            caller,
            |device| {
                let told = device.decoder_utilization()?;
                Ok(f64::from(told.utilization) / 100.0)
            },
        );
        self.ask(
            Figure::PowerLimit,
            "nvmlDeviceGetEnforcedPowerLimit",
            caller,
            |device| {
                device
                    .enforced_power_limit()
                    .map(|milliwatts| f64::from(milliwatts) / 1e3)
            },
        );
    }

    /// Why the clocks are lower than they could be.
    pub(super) fn reasons(&mut self, caller: &mut Caller<'_>) {
        self.ask(
            Figure::ClocksEventReasons,
            "nvmlDeviceGetCurrentClocksEventReasons",
            caller,
            |device| raw::clocks_event_reasons(device).map(float),
        );
    }
}
