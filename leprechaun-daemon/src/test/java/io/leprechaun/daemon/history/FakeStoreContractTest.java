package io.leprechaun.daemon.history;

/** Not a {@link NoticesContract}: what is told of a run is a policy of its own, and no test asks the fake for it. Nor an {@link ArchiveContract}: a fake need not be kept small. */
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
