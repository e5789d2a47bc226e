package org.layerbook.interpreter.session;

import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.magic.Magics;
import org.layerbook.interpreter.practice.PracticeRegistry;
import org.layerbook.interpreter.session.help.Help;

/** What stays the same from cell to cell. @param failed changes in itself, as do {@code practice} and {@code freshness}. @param notebook the file that the cells stand in, where it is known */
record SessionParts(
        CellParser parser,
        Magics magics,
        Help help,
        LazyEngine engine,
        FailedStep failed,
        PracticeRegistry practice,
        Freshness freshness,
        Optional<Path> notebook) {
    /** What reads the person's cells. */
    CellParser parser(Person person) {
        return parser.withShellFallback(person.shellFallback());
    }

    Surroundings surroundings(Person person) {
        return new Surroundings(engine, failed, freshness, person, notebook);
    }
}
