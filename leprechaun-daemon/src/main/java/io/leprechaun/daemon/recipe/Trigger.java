package io.leprechaun.daemon.recipe;

import io.leprechaun.daemon.schedule.Schedule;
import java.time.Duration;

/** What makes a recipe due by itself. */
public sealed interface Trigger {
    /**
     * Every so often: {@code definition: schedule}.
     *
     * @param every zero means once at each start of the daemon
     */
    record Interval(Duration every) implements Trigger {}

    /**
     * By cron pattern: {@code definition: cron}.
     *
     * @param text the patterns as they are written, for people
     * @param schedule all patterns together, in the recipe's zone
     * @param atBoot whether one of them is {@code @reboot}: it is due once a boot of the machine, at the first start of the daemon
     */
    record Cron(String text, Schedule schedule, boolean atBoot) implements Trigger {}

    /** By webhook: {@code definition: hook}. */
    record Hook(String id) implements Trigger {}
}
