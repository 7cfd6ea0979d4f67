//! The shape of the house, enforced: who may import whom, where the environment is read, what lies at the top.
