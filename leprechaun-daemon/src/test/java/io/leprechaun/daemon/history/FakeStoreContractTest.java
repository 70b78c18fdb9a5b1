package io.leprechaun.daemon.history;

/**
 * Not a {@link NoticesContract}: notices of runs are a separate policy, and no test needs them from the fake. Nor an
 * {@link ArchiveContract}: a fake need not be kept small.
 */
class FakeStoreContractTest
        implements RunStoreContract, LedgerContract, OutboxContract, DeliveriesContract, ClockLogContract {
    private final FakeStore store = new FakeStore();

    @Override
    public RunStore store() {
        return store;
    }

    @Override
    public void reopen() {
        // it is in memory
    }

    @Override
    public RunStore another() {
        return new FakeStore();
    }
}
