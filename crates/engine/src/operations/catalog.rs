//! What this program is and knows.

use strata_api::{
    error::ApiError,
    operations::{About, Bilingual, Catalog, CatalogComponent, CatalogLayer, Nothing},
};
use strata_catalog::Persona;
use strata_domain::layer::Layer;

use super::Operations;

pub(super) async fn about(operations: &Operations, _: Nothing) -> Result<About, ApiError> {
    let components = operations.catalog.components().len();
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        components: u32::try_from(components).unwrap_or(u32::MAX),
    })
}

pub(super) async fn read_catalog(operations: &Operations, _: Nothing) -> Result<Catalog, ApiError> {
    let catalog = &operations.catalog;
    let layers = Layer::TOP_DOWN
        .into_iter()
        .filter_map(|layer| catalog.layer(layer));
    let components = catalog.components().iter();
    Ok(Catalog {
        layers: layers
            .map(|entry| CatalogLayer {
                layer: entry.id.into(),
                name: bilingual(&entry.name),
                purpose: bilingual(&entry.purpose),
                operators: entry.personas.iter().copied().map(persona).collect(),
            })
            .collect(),
        components: components
            .map(|component| CatalogComponent {
                id: component.id.to_string(),
                name: component.name.to_string(),
                layer: component.layer.into(),
                category: component.category.to_string(),
                capability: catalog
                    .capability(component.capability)
                    .map(|entry| entry.name.en.to_string())
                    .unwrap_or_default(),
                description: bilingual(&component.description),
                home: component.home.to_string(),
            })
            .collect(),
    })
}

fn bilingual(text: &strata_catalog::Bilingual) -> Bilingual {
    Bilingual {
        en: text.en.to_string(),
        zh: text.zh.to_string(),
    }
}

/// Who operates a layer, in words.
///
/// Source: CNCF AI working group, "Cloud Native Artificial Intelligence" (March 2024), figure 1.
fn persona(persona: Persona) -> Bilingual {
    let (en, zh) = match persona {
        Persona::DataScientist => ("Data scientist", "数据科学家"),
        Persona::MlEngineer => ("ML engineer", "机器学习工程师"),
        Persona::PlatformEngineer => ("Platform engineer", "平台工程师"),
        Persona::Sre => ("Site reliability engineer", "站点可靠性工程师"),
        Persona::HardwareArchitect => ("Hardware architect", "硬件架构师"),
    };
    Bilingual {
        en: en.to_owned(),
        zh: zh.to_owned(),
    }
}
