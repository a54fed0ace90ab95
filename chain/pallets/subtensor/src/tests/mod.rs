//! Tests of the pallet against a minimal runtime.

mod coinbase;
mod commit_reveal;
mod epoch;
mod epoch_input;
mod genesis;
mod invariants;
mod math;
mod math_files;
mod mock;
mod registration;
mod rpc;
mod schedule;
mod serving;
mod staking;
mod subtensor_vectors;
mod vector_files;
mod weights;
mod yuma;
mod yuma3;
