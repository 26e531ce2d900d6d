//! The page's colours and measures: those of the interface, in the theme that was asked for or in the
//! one that whoever reads it has chosen.

use strata_charts::Theme;

/// The style sheet, without the fonts. Without a theme it has both; a figure of each theme is there
/// then, of which one is shown.
pub(super) fn css(theme: Option<Theme>) -> String {
    let colours = match theme {
        Some(theme) => format!(":root{{{}}}", tokens(theme)),
        None => format!(
            ":root{{{}}}.dark{{display:none}}@media screen and (prefers-color-scheme:dark){{\
             :root{{{}}}.dark{{display:block}}.light{{display:none}}}}",
            tokens(Theme::Light),
            tokens(Theme::Dark)
        ),
    };
    format!("{colours}{RULES}")
}

fn tokens(theme: Theme) -> String {
    let [
        scheme,
        ground,
        line,
        strong_line,
        strong,
        middle,
        quiet,
        critical,
        warning,
    ] = match theme {
        Theme::Dark => [
            "dark", "#0a0d10", "#262b30", "#3d454c", "#eaedf1", "#afb7bf", "#8d969e", "#fb5f64",
            "#fab348",
        ],
        Theme::Light => [
            "light", "#fdfdfb", "#dad9d5", "#b9b7b2", "#191f25", "#454d54", "#565e66", "#c01e24",
            "#8e5100",
        ],
    };
    format!(
        "color-scheme:{scheme};--ground:{ground};--line:{line};--line2:{strong_line};\
         --t1:{strong};--t2:{middle};--t3:{quiet};--critical:{critical};--warning:{warning}"
    )
}

const RULES: &str = "\
    body{margin:0;background:var(--ground);color:var(--t1);font:13px/20px \"Strata Words\",\"Strata Chinese\",sans-serif}\
    main{max-width:960px;margin:0 auto;padding:32px 24px 64px}\
    h1{font:600 26px/32px \"Strata Title\",\"Strata Chinese\",sans-serif;margin:0}\
    h2{font:600 15px/20px \"Strata Title\",\"Strata Chinese\",sans-serif;margin:32px 0 8px}\
    p{margin:8px 0;max-width:80ch}\
    .quiet{color:var(--t3);font-size:11px;line-height:16px}\
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:16px;\
    margin:24px 0;border-top:1px solid var(--line);padding-top:12px}\
    .figures b{display:block;font:600 20px/28px \"Strata Mono\",\"Strata Chinese\",monospace;white-space:nowrap}\
    .figures span{color:var(--t2);font-size:12px;line-height:16px;display:block}\
    figure{margin:16px -24px}svg{display:block;width:100%;height:auto}\
    .table{overflow-x:auto}\
    table{width:100%;border-collapse:collapse}\
    th{font:500 11px/16px \"Strata Words\",\"Strata Chinese\",sans-serif;color:var(--t3);text-align:right;\
    vertical-align:bottom;border-bottom:1px solid var(--line2);padding:4px 0 4px 16px}\
    td{font:12px/16px \"Strata Mono\",\"Strata Chinese\",monospace;text-align:right;vertical-align:top;\
    border-bottom:1px solid var(--line);padding:7px 0 7px 16px;white-space:nowrap}\
    th:first-child,td:first-child{padding-left:0}\
    th:first-child,td:first-child,.what{text-align:left}\
    td:first-child{white-space:normal;overflow-wrap:anywhere}\
    td.severity{white-space:nowrap}\
    td.what{font-family:\"Strata Words\",\"Strata Chinese\",sans-serif;white-space:normal}\
    td.what b{font-family:\"Strata Title\",\"Strata Chinese\",sans-serif}\
    td small{display:block;font-size:11px;color:var(--t3)}\
    .critical{color:var(--critical)}.warning{color:var(--warning)}\
    ul{padding-left:18px;color:var(--t2);max-width:80ch}\
    @media print{body{background:none}main{max-width:none;padding:0 24px}h2{break-after:avoid}\
    figure,tr{break-inside:avoid}}";
