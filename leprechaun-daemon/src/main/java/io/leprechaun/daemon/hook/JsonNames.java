package io.leprechaun.daemon.hook;

import java.util.Arrays;

/**
 * Finds a name that stands twice in one object, in eight bytes a name: each is kept as its hash of 64 bits (FNV-1a). Two names with one hash do not come by
 * chance, and a sender who looks for some has only his own delivery refused. Not thread-safe.
 */
final class JsonNames {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    /** Those of all open objects, the innermost last. */
    private long[] hashes = new long[64];

    private int size;

    /** Begins an object, and gives what {@link #end} wants. */
    int begin() {
        return size;
    }

    void add(String name) {
        long hash = BASIS;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * PRIME;
        }
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        hashes[size++] = hash;
    }

    /** Ends an object, and says whether a name stood in it twice. */
    boolean end(int begin) {
        Arrays.sort(hashes, begin, size);
        boolean twice = false;
        for (int i = begin + 1; i < size; i++) {
            twice |= hashes[i] == hashes[i - 1];
        }
        size = begin;
        return twice;
    }
}
