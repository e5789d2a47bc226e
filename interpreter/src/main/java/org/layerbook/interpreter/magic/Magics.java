package org.layerbook.interpreter.magic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.cell.Vocabulary;

/** Every magic that there is. */
public final class Magics {
    static final String SHELL_FALLBACK = CellParser.SHELL_FALLBACK;

    private final List<Magic> all;
    private final Map<String, Magic> lines = new TreeMap<>();
    private final Map<String, Magic> cells = new TreeMap<>();

    public Magics() {
        var magics = new ArrayList<Magic>();
        magics.addAll(BuildMagics.ALL);
        magics.addAll(InspectionMagics.ALL);
        magics.addAll(CellMagics.ALL);
        magics.addAll(ScriptMagics.ALL);
        magics.addAll(HostMagics.ALL);
        magics.add(RegistryMagic.MAGIC);
        magics.add(BundleMagic.MAGIC);
        magics.add(listOfMagics());
        all = List.copyOf(magics);
        for (Magic magic : all) {
            for (String name : magic.names()) {
                if (magic.form().isLine()) {
                    lines.put(name, magic);
                }
                if (magic.form().isCell()) {
                    cells.put(name, magic);
                }
            }
        }
    }

    private Magic listOfMagics() {
        return MagicDefinition.line("lsmagic")
                .summary("List the magics")
                .does((call, context) -> context.print(table()));
    }

    /** One line a magic. */
    public String table() {
        int width = all.stream().mapToInt(m -> m.usage().length()).max().orElse(0) + 2;
        var text = new StringBuilder();
        for (Magic magic : all) {
            text.append(magic.usage())
                    .append(" ".repeat(width - magic.usage().length()))
                    .append(magic.summary())
                    .append('\n');
        }
        return text.append("\n`%NAME?` shows help on a magic.\n").toString();
    }

    public List<Magic> all() {
        return all;
    }

    /** The magic of this name that is written with one percent sign; the vocabulary says which there are. */
    public Magic line(String name) {
        return lines.get(name);
    }

    public Magic cell(String name) {
        return cells.get(name);
    }

    /** A magic by its name with or without percent signs: {@code %%dockerfile} is another than {@code %dockerfile}. */
    public List<Magic> called(String name) {
        String bare = name.replaceFirst("^%{0,2}", "");
        Stream<Magic> line = name.startsWith("%%") ? Stream.empty() : Stream.ofNullable(lines.get(bare));
        Stream<Magic> cell = name.startsWith("%") && !name.startsWith("%%") && lines.containsKey(bare)
                ? Stream.empty()
                : Stream.ofNullable(cells.get(bare));
        return Stream.concat(line, cell).distinct().toList();
    }

    public Vocabulary vocabulary(Set<String> dockerCommands) {
        var bodies = new HashMap<String, Vocabulary.Body>();
        cells.forEach((name, magic) -> bodies.put(name, magic.form().body()));
        return new Vocabulary(Collections.unmodifiableSet(lines.keySet()), bodies, dockerCommands);
    }
}
