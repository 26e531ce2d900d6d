//! What this program is and knows.

use strata_api::{
    error::ApiError,
    operations::{
        About, Bilingual, Catalog, CatalogComponent, CatalogLayer, CatalogRole, Nothing, Role,
    },
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
        roles: catalog
            .map()
            .roles
            .iter()
            .map(|entry| role(catalog, entry))
            .collect(),
    })
}

fn bilingual(text: &strata_catalog::Bilingual) -> Bilingual {
    Bilingual {
        en: text.en.to_string(),
        zh: text.zh.to_string(),
    }
}

fn role(catalog: &strata_catalog::Catalog, entry: &strata_catalog::RoleEntry) -> CatalogRole {
    let layers = Layer::TOP_DOWN
        .into_iter()
        .filter_map(|layer| catalog.layer(layer));
    CatalogRole {
        role: match entry.id {
            Persona::DataScientist => Role::DataScientist,
            Persona::MlEngineer => Role::MlEngineer,
            Persona::PlatformEngineer => Role::PlatformEngineer,
            Persona::Sre => Role::Sre,
            Persona::HardwareArchitect => Role::HardwareArchitect,
        },
        name: bilingual(&entry.name),
        layers: layers
            .filter(|layer| layer.personas.contains(&entry.id))
            .map(|layer| layer.id.into())
            .collect(),
        views: entry.views.iter().map(ToString::to_string).collect(),
    }
}
