package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** What changed between two configs, one line a thing; against nothing, all that is set. */
final class ConfigChanges {
    private ConfigChanges() {}

    static List<List<Span>> lines(Optional<ContainerConfig> before, ContainerConfig after) {
        Map<String, String> old = before.map(ConfigChanges::flat).orElse(Map.of());
        Map<String, String> now = flat(after);
        var lines = new ArrayList<List<Span>>();
        now.forEach((name, value) -> {
            String was = old.get(name);
            if (was == null) {
                lines.add(List.of(Span.of("+ ", Tone.GOOD), Span.code(name + " "), Span.code(value)));
            } else if (!was.equals(value)) {
                lines.add(List.of(
                        Span.of("~ "), Span.code(name + " "), Span.code(value), Span.dim(" (was " + was + ")")));
            }
        });
        old.forEach((name, value) -> {
            if (!now.containsKey(name)) {
                lines.add(List.of(Span.of("− ", Tone.BAD), Span.code(name + " "), Span.dim(value)));
            }
        });
        return lines;
    }

    private static Map<String, String> flat(ContainerConfig config) {
        var flat = new LinkedHashMap<String, String>();
        for (String variable : config.env()) {
            int equals = variable.indexOf('=');
            String name = equals < 0 ? variable : variable.substring(0, equals);
            flat.put("ENV " + name, equals < 0 ? "" : variable.substring(equals + 1));
        }
        put(flat, "USER", config.user());
        put(flat, "WORKDIR", config.workingDir());
        config.entrypoint().ifPresent(argv -> flat.put("ENTRYPOINT", list(argv)));
        config.cmd().ifPresent(argv -> flat.put("CMD", list(argv)));
        config.shell().ifPresent(argv -> flat.put("SHELL", list(argv)));
        config.exposedPorts().forEach(port -> flat.put("EXPOSE " + port, ""));
        config.volumes().forEach(path -> flat.put("VOLUME " + path, ""));
        config.labels().forEach((name, value) -> flat.put("LABEL " + name, value));
        config.stopSignal().ifPresent(signal -> put(flat, "STOPSIGNAL", signal));
        config.healthcheck().ifPresent(check -> flat.put("HEALTHCHECK", list(check.test())));
        for (int i = 0; i < config.onBuild().size(); i++) {
            flat.put("ONBUILD " + (i + 1), config.onBuild().get(i));
        }
        return flat;
    }

    private static void put(Map<String, String> flat, String name, String value) {
        if (!value.isEmpty()) {
            flat.put(name, value);
        }
    }

    /** As the instruction would have it. */
    private static String list(List<String> argv) {
        var text = new StringBuilder("[");
        for (int i = 0; i < argv.size(); i++) {
            text.append(i == 0 ? "\"" : ", \"")
                    .append(argv.get(i).replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return text.append(']').toString();
    }
}
