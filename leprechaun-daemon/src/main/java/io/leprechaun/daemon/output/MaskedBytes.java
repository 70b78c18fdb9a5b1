package io.leprechaun.daemon.output;

import java.util.Arrays;

/**
 * A stream of bytes in which secrets are hidden, also where its pieces meet. What may be the beginning of a secret is
 * held until more is known. Not thread-safe.
 */
public final class MaskedBytes {
    /** The last bytes that were taken, as far as a secret may reach back, and those that were not taken yet. */
    private byte[] raw = {};
    /** The number of the bytes in it that were taken. */
    private int taken;

    private boolean hidden;

    /** Adds the first bytes of an array. */
    public void add(byte[] bytes, int length) {
        int end = raw.length;
        raw = Arrays.copyOf(raw, end + length);
        System.arraycopy(bytes, 0, raw, end, length);
    }

    /** Returns the number of bytes that were not taken yet. */
    public int size() {
        return raw.length - taken;
    }

    /**
     * Returns the bytes that are certain, without secrets. They remain until they are {@link #take taken}.
     *
     * @param all whether nothing follows, so that every byte is certain
     */
    public byte[] certain(Mask mask, boolean all) {
        int end = all ? raw.length : Math.max(taken, raw.length - mask.undecided(raw, raw.length));
        if (mask.isEmpty()) {
            return Arrays.copyOfRange(raw, taken, end);
        }
        byte[] masked = raw.clone();
        hidden = mask.hide(masked, masked.length);
        return Arrays.copyOfRange(masked, taken, end);
    }

    /** Returns whether a secret was hidden in the last certain bytes, or next to them. */
    public boolean isHidden() {
        return hidden;
    }

    /** Takes that many of the certain bytes. */
    public void take(Mask mask, int count) {
        int end = taken + count;
        int from = Math.max(0, end - mask.reach());
        raw = Arrays.copyOfRange(raw, from, raw.length);
        taken = end - from;
    }
}
