package io.leprechaun.daemon.zone;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/** A compiled time zone: the format TZif of RFC 9636. */
final class ZoneFile {
    /** The text {@code TZif}. */
    private static final int MAGIC = 0x545A6966;

    private static final int RESERVED = 15;
    /** The last year for which the rule after the last listed change is written out. */
    private static final int LAST_YEAR = 2200;
    /**
     * The first second of which changes are kept, in 1 BC; some compilers list a change at the beginning of the
     * universe.
     */
    private static final long EARLIEST = LocalDateTime.of(0, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

    private ZoneOffset first;
    private final List<ZoneOffsetTransition> changes = new ArrayList<>();
    private ZoneOffset last;

    /** @throws IllegalArgumentException or another runtime exception when the bytes are not such a file */
    static ZoneRules read(byte[] bytes) {
        return new ZoneFile(ByteBuffer.wrap(bytes)).rules();
    }

    /** The header of a section: its version, and the number of entries of each kind. */
    private record SectionSizes(int version, int utc, int standard, int leaps, int times, int types, int letters) {
        static SectionSizes read(ByteBuffer in) {
            if (in.getInt() != MAGIC) {
                throw new IllegalArgumentException("it does not begin with TZif");
            }
            int version = in.get();
            in.position(in.position() + RESERVED);
            return new SectionSizes(
                    version, in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
        }

        /** Returns the length of the section after it, in bytes, where each time takes {@code width} bytes. */
        int length(int width) {
            return times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc;
        }
    }

    private ZoneFile(ByteBuffer in) {
        SectionSizes header = SectionSizes.read(in);
        boolean wide = header.version() != 0;
        if (wide) { // a second section repeats all of it, with times of 64 bits
            in.position(in.position() + header.length(Integer.BYTES));
            header = SectionSizes.read(in);
        }
        int begin = in.position();
        var times = new long[header.times()];
        for (int i = 0; i < times.length; i++) {
            times[i] = wide ? in.getLong() : in.getInt();
        }
        var types = new byte[times.length];
        in.get(types);
        var offsets = new ZoneOffset[header.types()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = ZoneOffset.ofTotalSeconds(in.getInt());
            in.getShort(); // whether it is summer time, and its name
        }
        int before = 0;
        while (before < times.length && times[before] < EARLIEST) {
            before++;
        }
        first = offsets[before == 0 ? 0 : types[before - 1]];
        last = first;
        for (int i = before; i < times.length; i++) {
            change(times[i], offsets[types[i]]);
        }
        if (wide) {
            in.position(begin + header.length(Long.BYTES) + 1); // and a line feed
            var rule = new byte[in.remaining()];
            in.get(rule);
            String text = new String(rule, StandardCharsets.US_ASCII).strip();
            if (!text.isEmpty()) { // else the time after the last change is not known
                writeOut(PosixZone.parse(text));
            }
        }
    }

    private ZoneFile(PosixZone rule) {
        first = rule.standard();
        last = first;
        writeOut(rule);
    }

    /** Returns the rules of a zone that one rule describes wholly, from 1970 on. */
    static ZoneRules rules(PosixZone rule) {
        return new ZoneFile(rule).rules();
    }

    private void change(long second, ZoneOffset after) {
        if (!changes.isEmpty() && changes.getLast().toEpochSecond() == second) {
            last = changes.removeLast().getOffsetBefore(); // summer time all the year: it begins again as it ends
        }
        if (!after.equals(last)) { // else only the name has changed
            changes.add(ZoneOffsetTransition.of(LocalDateTime.ofEpochSecond(second, 0, last), last, after));
            last = after;
        }
    }

    /** Adds the changes of a rule after the last change that is listed, up to {@value #LAST_YEAR}. */
    private void writeOut(PosixZone rule) {
        if (changes.isEmpty()) { // then the rule covers all times
            first = rule.standard();
            last = first;
        }
        long listed = changes.isEmpty() ? Long.MIN_VALUE : changes.getLast().toEpochSecond();
        int year =
                changes.isEmpty() ? 1970 : changes.getLast().getDateTimeAfter().getYear();
        for (; year <= LAST_YEAR; year++) {
            for (PosixZone.Transition change : rule.changes(year)) {
                if (change.second() > listed) {
                    change(change.second(), change.after());
                }
            }
        }
    }

    private ZoneRules rules() {
        return ZoneRules.of(first, first, List.of(), changes, List.of());
    }
}
