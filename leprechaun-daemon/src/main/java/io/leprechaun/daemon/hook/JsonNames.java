package io.leprechaun.daemon.hook;

import java.util.Arrays;

/**
 * The names of open objects, to find one that stands twice in an object, in eight bytes a name: each is kept as its
 * hash of 64 bits (FNV-1a). Two names with one hash do not occur by chance, and a sender that constructs some has only
 * its own delivery refused. Not thread-safe.
 */
final class JsonNames {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    /** The hashes of all open objects, the innermost last. */
    private long[] hashes = new long[64];

    private int size;

    /** Begins an object, and returns the mark that {@link #end} takes. */
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

    /** Ends an object, and returns whether it holds a name twice. */
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
