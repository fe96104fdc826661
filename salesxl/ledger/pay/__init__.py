"""From plan and ledger to what is credited, earned and payable, each figure with its reason."""
