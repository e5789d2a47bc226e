package org.layerbook.engine.builder.plan;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.ImageConfig;

/**
 * When history entries were made. Only layers have a time of their own. An entry without a layer has that of the last layer
 * before it; those before the first layer that this build made have that layer's, so that a label put first is not as old
 * as the base image. So BuildKit does it when it exports.
 */
public final class HistoryTimes {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private HistoryTimes() {}

    public static List<ImageConfig.History> filledIn(List<ImageConfig.History> history) {
        Optional<String> time = firstTime(history);
        var filled = new ArrayList<ImageConfig.History>(history.size());
        boolean missing = false;
        for (ImageConfig.History entry : history) {
            if (entry.created().isPresent()) {
                time = missing ? entry.created() : time;
                filled.add(entry);
            } else {
                missing = true;
                filled.add(new ImageConfig.History(
                        time, entry.createdBy(), entry.author(), entry.comment(), entry.emptyLayer()));
            }
        }
        return List.copyOf(filled);
    }

    /** Of the first entry with a time after the first without; if there is none, of the last with one. */
    private static Optional<String> firstTime(List<ImageConfig.History> history) {
        Optional<String> time = Optional.empty();
        boolean missing = false;
        for (ImageConfig.History entry : history) {
            if (entry.created().isEmpty()) {
                missing = true;
            } else {
                time = entry.created();
                if (missing) {
                    return time;
                }
            }
        }
        return time;
    }

    /** RFC 3339 in UTC with as many digits of the second's fraction as it has, as Go writes it. */
    public static String format(Instant time) {
        String fraction = String.format("%09d", time.getNano()).replaceAll("0+$", "");
        return SECONDS.format(time) + (fraction.isEmpty() ? "" : "." + fraction) + "Z";
    }
}
