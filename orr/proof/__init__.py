"""What somebody who was not there can verify: a gate for pipelines, attestations, packs for auditors."""
