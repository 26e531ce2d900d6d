//! What serving a model takes of each GPU, and what is left for its cache.

use serde::Serialize;

use crate::{
    cache::{CacheSplit, cache_bytes_of_request},
    dtype::Dtype,
    model::{Attention, FeedForward, Model, Quantization},
    parameters::Parameters,
};

/// How a model is to be served.
#[derive(Clone, Copy, Debug)]
pub struct Serving {
    /// The format of the weights.
    pub weights: Quantization,
    /// The format of the cache.
    pub cache: Dtype,
    /// Over how many ranks each layer is split.
    pub tensor_parallel: u64,
    /// Over how many stages the layers are split.
    pub pipeline_parallel: u64,
    /// Tokens of a request, prompt and answer.
    pub context: u64,
    /// Requests at a time.
    pub concurrency: u64,
    /// Tokens that a step computes at most.
    pub batched_tokens: u64,
    /// A GPU's memory in bytes, where it is known.
    pub gpu_memory: Option<u64>,
    /// The part of it that the engine takes, in thousandths. vLLM's default is 920 from 0.22 on.
    pub utilization: u64,
}

/// What memory goes to, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Parts {
    /// The weights.
    pub weights_bytes: u64,
    /// The key-value cache of the requests.
    pub kv_bytes: u64,
    /// What a step keeps while it computes.
    pub activation_bytes: u64,
    /// The driver's context, graphs, communication buffers.
    pub runtime_bytes: u64,
    /// All of them.
    pub total_bytes: u64,
}

/// What serving takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServingPlan {
    /// How many GPUs.
    pub ranks: u64,
    /// On the GPU that holds most.
    pub per_rank: Parts,
    /// On all of them.
    pub total: Parts,
    /// What a GPU has for the cache, in bytes; 0 where weights and runtime leave nothing.
    pub kv_budget_bytes: Option<u64>,
    /// Whether the requests fit; none where the memory is not known.
    pub fits: Option<bool>,
    /// The longest context with which that many requests fit; the model's own limit where the memory is
    /// not known. None where nothing limits it.
    pub max_context: Option<u64>,
    /// How many requests of that context fit.
    pub max_concurrency: Option<u64>,
}

const MIB: u64 = 1 << 20;
/// Driver context, graphs and the engine itself (aiconfigurator, vLLM backend).
const RUNTIME: u64 = 3584 * MIB;
/// What a step keeps at least (aiconfigurator).
const LEAST_ACTIVATION: u64 = 70 * MIB;

impl Serving {
    /// What serving `model` this way takes.
    pub fn plan(&self, model: &Model) -> ServingPlan {
        let ranks = self
            .tensor_parallel
            .saturating_mul(self.pipeline_parallel)
            .max(1);
        let weights = Parameters::of(model).bytes(self.weights);
        let request = self.request(model, self.context);
        let kv = request.saturating_mul(self.concurrency);
        let per_rank = Parts::new(
            weights.div_ceil(ranks),
            kv,
            self.activation(model),
            RUNTIME + communication(self.tensor_parallel),
        );
        let budget = self.gpu_memory.map(|memory| {
            let usable = u128::from(memory) * u128::from(self.utilization) / 1000;
            let usable = u64::try_from(usable).unwrap_or(u64::MAX);
            usable.saturating_sub(per_rank.total_bytes.saturating_sub(kv))
        });
        ServingPlan {
            ranks,
            total: Parts::new(
                weights,
                kv.saturating_mul(ranks),
                per_rank.activation_bytes.saturating_mul(ranks),
                per_rank.runtime_bytes.saturating_mul(ranks),
            ),
            per_rank,
            kv_budget_bytes: budget,
            fits: budget.map(|budget| budget > 0 && kv <= budget),
            max_context: self.max_context(model, budget),
            max_concurrency: budget.and_then(|budget| budget.checked_div(request)),
        }
    }

    fn request(&self, model: &Model, context: u64) -> u64 {
        let split = CacheSplit {
            tensor_parallel: self.tensor_parallel,
            pipeline_parallel: self.pipeline_parallel,
        };
        cache_bytes_of_request(model, self.cache, context, split)
    }

    /// What a step keeps, by aiconfigurator's rule: twice the width of all heads for each token, times
    /// a factor found by measuring that depends on family and split.
    fn activation(&self, model: &Model) -> u64 {
        let width = model
            .layers
            .iter()
            .map(|layer| heads_width(&layer.attention));
        let width = width.max().unwrap_or(0);
        let is_mixture = model
            .layers
            .iter()
            .any(|layer| matches!(layer.feed_forward, FeedForward::Experts { .. }));
        // In halves.
        let factors = if is_mixture {
            [44, 26, 20, 20]
        } else if model.family == "llama" {
            [22, 13, 10, 10]
        } else {
            [20, 12, 10, 10]
        };
        let [one, two, four, more] = factors;
        let factor = match self.tensor_parallel {
            0 | 1 => one,
            2 | 3 => two,
            4..=7 => four,
            _ => more,
        };
        let bytes = self
            .batched_tokens
            .saturating_mul(width)
            .saturating_mul(factor);
        bytes.max(LEAST_ACTIVATION)
    }

    /// The longest context with which all requests fit, found by halving: the cache grows with it.
    fn max_context(&self, model: &Model, budget: Option<u64>) -> Option<u64> {
        const LONGEST: u64 = 1 << 30;
        let Some(budget) = budget else {
            return model.max_context;
        };
        let fits = |context| {
            let all = self
                .request(model, context)
                .saturating_mul(self.concurrency);
            all <= budget
        };
        let limit = model.max_context.unwrap_or(LONGEST);
        if fits(limit) {
            return (limit < LONGEST).then_some(limit);
        }
        let (mut fitting, mut failing) = (0, limit);
        while failing - fitting > 1 {
            let middle = fitting + (failing - fitting) / 2;
            if fits(middle) {
                fitting = middle;
            } else {
                failing = middle;
            }
        }
        Some(fitting)
    }
}

impl Parts {
    fn new(weights: u64, kv: u64, activation: u64, runtime: u64) -> Self {
        Self {
            weights_bytes: weights,
            kv_bytes: kv,
            activation_bytes: activation,
            runtime_bytes: runtime,
            total_bytes: weights
                .saturating_add(kv)
                .saturating_add(activation)
                .saturating_add(runtime),
        }
    }
}

/// NCCL's buffers by the number of ranks that a layer is split over (aiconfigurator).
fn communication(tensor_parallel: u64) -> u64 {
    match tensor_parallel {
        0 | 1 => 0,
        2 | 3 => 342 * MIB,
        _ => 392 * MIB,
    }
}

fn heads_width(attention: &Attention) -> u64 {
    match *attention {
        Attention::Grouped {
            heads, head_dim, ..
        } => heads * head_dim,
        Attention::Latent {
            heads, value_dim, ..
        } => heads * value_dim,
        Attention::Linear {
            value_heads,
            value_dim,
            ..
        } => value_heads * value_dim,
    }
}
