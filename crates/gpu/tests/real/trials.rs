//! The trials: what is read, what is compared, what is recorded, and this machine.

use std::{path::Path, sync::Arc, time::Duration};

use libtest_mimic::{Failed, Trial};
use strata_domain::reading::Figure;
use strata_fake_nvml::{Scenario, library};

use crate::{
    comparison::{Tolerance, Verdict, compare, differences, of_json, of_sample, table},
    doors,
    recording::{Recording, folder},
    smi::{self, Cell, cell},
    texts::{self, Script},
};

/// The number of the fake library's first GPU, without its last digit.
const NUMBER: &str = "5f0c1e3a";

/// A script, or why there is none.
type Fake = Arc<Result<Script, String>>;

pub(crate) fn all() -> Vec<Trial> {
    let script: Fake = Arc::new(Script::write());
    let over = |name: &str, test: fn(&Path) -> Result<(), Failed>| {
        let script = Fake::clone(&script);
        Trial::test(name, move || match &*script {
            Ok(script) => test(&script.program()),
            Err(why) => Err(Failed::from(why)),
        })
    };
    vec![
        Trial::test("the_texts_of_several_versions_are_read", versions),
        Trial::test("what_is_not_told_has_its_words_and_is_no_number", words),
        Trial::test("a_mask_agrees_by_its_bits", masks),
        over(
            "a_field_that_is_not_known_is_asked_by_another_name_or_left_out",
            fields,
        ),
        over("figures_that_agree_are_told_to", agrees),
        over("a_figure_that_differs_is_named", differs),
        over(
            "a_figure_that_strata_lost_differs_and_one_of_its_own_does_not",
            alone,
        ),
        over("what_strata_says_in_json_is_compared_alike", json),
        over("a_recording_names_no_device_and_nobody", anonymous),
        Trial::test("recordings_agree_still", recordings),
        Trial::test(
            "the_gpus_of_this_machine_agree_with_nvidia_smi",
            doors::this_machine,
        ),
    ]
}

/// What was seen of the fake library's GPUs in `beats`.
fn taken(smi: &Path, beats: u32) -> Result<Recording, Failed> {
    let library = library(Scenario::Healthy);
    Ok(Recording::take(&library, smi, beats, Duration::ZERO)?)
}

fn versions() -> Result<(), Failed> {
    let told = smi::read(&texts::of_470())?;
    let gpu = told.get("GPU-470").ok_or("it is not told of")?;
    assert_eq!(gpu.figures.get(&Figure::Power), Some(&Cell::Number(26.18)));
    assert_eq!(
        gpu.figures.get(&Figure::ClocksEventReasons),
        Some(&Cell::Number(1.0))
    );
    assert_eq!(
        gpu.figures.get(&Figure::FanSpeed),
        Some(&Cell::Words("[N/A]".to_owned()))
    );

    let told = smi::read(&texts::of_535())?;
    let gpu = told.get("GPU-535").ok_or("it is not told of")?;
    let retired = |figure: Figure| gpu.figures.get(&figure).cloned();
    assert_eq!(
        retired(Figure::PagesRetiredUncorrected),
        Some(Cell::Number(1.0))
    );
    assert_eq!(
        retired(Figure::PageRetirementPending),
        Some(Cell::Number(1.0))
    );
    // A line below a GPU that has no UUID is nobody's.
    assert_eq!(gpu.links.len(), 6);
    let counted = |link: u32, figure: Figure| gpu.links.get(&(link, figure)).cloned();
    assert_eq!(counted(0, Figure::NvlinkCrcErrors), Some(Cell::Number(5.0)));
    assert_eq!(counted(1, Figure::NvlinkReplays), Some(Cell::Number(12.0)));
    assert_eq!(
        counted(1, Figure::NvlinkRecoveries),
        Some(Cell::Words("N/A".to_owned()))
    );

    let told = smi::read(&texts::of_550())?;
    assert_eq!(told.len(), 2);
    let [busy, cut] =
        ["GPU-550-0", "GPU-550-1"].map(|id| told.get(id).cloned().unwrap_or_default());
    assert_eq!(
        busy.figures.get(&Figure::Utilization),
        Some(&Cell::Number(0.97))
    );
    assert_eq!(
        busy.figures.get(&Figure::MemoryUsed),
        Some(&Cell::Number(78_151_417_856.0))
    );
    assert_eq!(
        cut.figures.get(&Figure::Utilization),
        Some(&Cell::Words("[N/A]".to_owned()))
    );
    assert_eq!(
        cut.figures.get(&Figure::RowRemapPending),
        Some(&Cell::Number(1.0))
    );
    assert_eq!(
        cut.figures.get(&Figure::RowsRemappedUncorrected),
        Some(&Cell::Number(2.0))
    );

    let told = smi::read(&texts::of_580())?;
    let gpu = told.get("GPU-580").ok_or("it is not told of")?;
    assert_eq!(
        gpu.figures.get(&Figure::Power),
        Some(&Cell::Words("[Unknown Error]".to_owned()))
    );
    assert_eq!(
        gpu.figures.get(&Figure::RowRemapFailure),
        Some(&Cell::Words("[N/A]".to_owned()))
    );
    // A line that does not have what was asked for is not guessed at.
    let mut short = texts::of_580();
    short.fields.pop();
    assert!(smi::read(&short).is_err());
    Ok(())
}

fn words() -> Result<(), Failed> {
    for text in [
        "[N/A]",
        "N/A",
        "[Not Supported]",
        "[Unknown Error]",
        "[GPU requires reset]",
        "[Insufficient Permissions]",
        "nan",
        "12 furlongs",
        "",
    ] {
        if cell(text) != Cell::Words(text.to_owned()) {
            return Err(format!("{text:?} is read as {:?}", cell(text)).into());
        }
    }
    assert_eq!(cell(" 0 % "), Cell::Number(0.0));
    assert_eq!(cell("1980 MHz"), Cell::Number(1_980.0));
    assert_eq!(cell("2 MiB"), Cell::Number(2_097_152.0));
    Ok(())
}

fn masks() -> Result<(), Failed> {
    for (value, said, agrees) in [
        (5.0, [4.0, 5.0], true),
        (4.0, [4.0, 5.0], true),
        // One that nobody told, and one that was told both times and is missing.
        (8.0, [4.0, 4.0], false),
        (1.0, [5.0, 5.0], false),
    ] {
        if Tolerance::Bits.allows(value, said) != agrees {
            return Err(format!("{value} beside {said:?}").into());
        }
    }
    Ok(())
}

fn fields(smi: &Path) -> Result<(), Failed> {
    let texts = smi::ask(smi)?;
    let has = |name: &str| texts.fields.iter().any(|field| field == name);
    assert!(!has("utilization.encoder"));
    assert!(!has("clocks_event_reasons.active"));
    assert!(has("clocks_throttle_reasons.active"));
    assert!(has("utilization.decoder"));
    assert_eq!(smi::read(&texts)?.len(), 2);
    assert_eq!(smi::unknown_field("uuid, utilization.gpu [%]"), None);
    assert!(smi::ask(Path::new("/nowhere/nvidia-smi")).is_err());
    Ok(())
}

fn agrees(smi: &Path) -> Result<(), Failed> {
    let lines = taken(smi, 1)?.compare()?;
    assert_eq!(
        differences(&lines),
        Vec::<String>::new(),
        "{}",
        table(&lines)
    );
    // Twenty-two fields, four of rows and nine of links of each GPU, and a process.
    assert_eq!(lines.len(), 2 * 35 + 1);
    Ok(())
}

fn differs(smi: &Path) -> Result<(), Failed> {
    let mut recording = taken(smi, 1)?;
    for texts in [&mut recording.before, &mut recording.after] {
        texts.gpus = texts.gpus.replace("81920 MiB", "40960 MiB");
    }
    let differences = differences(&recording.compare()?);
    assert_eq!(differences.len(), 2, "{differences:?}");
    assert!(
        differences.iter().all(|one| one.contains("MemoryTotal")),
        "{differences:?}"
    );
    Ok(())
}

fn alone(smi: &Path) -> Result<(), Failed> {
    let recording = taken(smi, 1)?;
    let sample = recording.samples.first().ok_or("nothing was read")?;
    let before = smi::read(&recording.before)?;
    let mut silent = before.clone();
    for gpu in silent.values_mut() {
        let none = Cell::Words("[N/A]".to_owned());
        gpu.figures.insert(Figure::Power, none);
    }
    let mut told = of_sample(sample);
    for one in &mut told {
        one.figures.remove(&Figure::Temperature);
        one.processes.clear();
    }
    let lines = compare(&told, &silent, &silent);
    let of = |verdict: Verdict| lines.iter().filter(|one| one.verdict == verdict).count();
    assert_eq!(of(Verdict::StrataAlone), 2, "{}", table(&lines));
    // The temperature of both, and the process.
    assert_eq!(of(Verdict::Differs), 3, "{}", table(&lines));
    // A GPU that is not listed at all.
    let lines = compare(&[], &before, &before);
    assert_eq!(differences(&lines).len(), 2, "{}", table(&lines));
    Ok(())
}

fn json(smi: &Path) -> Result<(), Failed> {
    let recording = taken(smi, 1)?;
    let before = smi::read(&recording.before)?;
    let text = format!(
        r#"{{"machine": {{}}, "accelerators": [{{
            "device": "GPU-{NUMBER}-9b7d-4c26-8a10-77e2d1b40a01", "index": 0,
            "readings": [
                {{"figure": "utilization", "value": 0.9}},
                {{"figure": "fan_speed", "absence": "not_supported"}},
                {{"figure": "memory_total", "value": 85899345920.0}}
            ]
        }}], "processes": []}}"#
    );
    let told = of_json(&text)?;
    let [gpu] = told.as_slice() else {
        return Err("one GPU is told of".into());
    };
    assert_eq!(gpu.figures.get(&Figure::Utilization), Some(&Ok(0.9)));
    assert_eq!(
        gpu.figures.get(&Figure::FanSpeed),
        Some(&Err("not_supported".to_owned()))
    );
    let lines = compare(&told, &before, &before);
    let agreeing = lines.iter().filter(|one| one.verdict == Verdict::Agrees);
    // What both do not know, too: the fan, and three of retired pages.
    assert_eq!(agreeing.count(), 6, "{}", table(&lines));
    assert!(of_json("{}").is_err());
    Ok(())
}

fn anonymous(smi: &Path) -> Result<(), Failed> {
    let recording = taken(smi, 2)?.anonymous()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("fake.json");
    recording.write(&file)?;
    let text = std::fs::read_to_string(&file)?;
    let pid = std::process::id();
    let secrets = [NUMBER, "0x7f", "0x5", &format!("pid: {pid},")];
    for secret in secrets {
        assert!(!text.contains(secret), "{secret}");
    }
    let read = Recording::read(&file)?;
    assert_eq!(read.samples.len(), 2);
    assert!(
        read.answers.iter().any(|answer| {
            answer.call == "nvmlDeviceGetTemperature" && answer.answer == "Ok(64.0)"
        }),
        "{:?}",
        read.answers
    );
    let processes = read.samples.iter().flat_map(|sample| &sample.devices);
    let mut processes = processes.flat_map(|device| &device.processes);
    assert!(processes.all(|process| process.owner.is_none() && process.pid < 2_000));
    // It can be compared as before.
    let lines = read.compare()?;
    assert_eq!(
        differences(&lines),
        Vec::<String>::new(),
        "{}",
        table(&lines)
    );
    Ok(())
}

fn recordings() -> Result<(), Failed> {
    let Ok(entries) = std::fs::read_dir(folder()) else {
        // Until a machine with a GPU could be had.
        return Ok(());
    };
    for entry in entries {
        let path = entry?.path();
        let lines = Recording::read(&path)?.compare()?;
        let differences = differences(&lines);
        if lines.is_empty() || !differences.is_empty() {
            return Err(format!("{}:\n{}", path.display(), differences.join("\n")).into());
        }
    }
    Ok(())
}
