//! What this program is and knows.

use strata_api::{
    error::ApiError,
    operations::{About, Bilingual, Catalog, CatalogComponent, CatalogLayer, Nothing},
};
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
                operators: catalog
                    .map()
                    .roles
                    .iter()
                    .filter(|role| entry.personas.contains(&role.id))
                    .map(|role| bilingual(&role.name))
                    .collect(),
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
