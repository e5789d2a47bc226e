package org.layerbook.engine.dockerfile.parse;

import java.util.List;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.Word;

/**
 * One instruction's text after its continuation lines are joined, with the way back from each character to its place in
 * the source.
 *
 * @param text the joined lines, without comments, heredoc bodies and line ends
 * @param startLine from 1
 * @param endLine the last line that belongs to the instruction, heredoc bodies included
 * @param pieces where the parts of {@code text} came from, in order; never empty
 */
public record LogicalLine(
        String text, int startLine, int endLine, List<Piece> pieces, List<Instruction.Heredoc> heredocs) {

    /** @param offset in the joined text; {@code line} and {@code column} from 1 */
    record Piece(int offset, int line, int column) {}

    LogicalLine withHeredocs(List<Instruction.Heredoc> bodies, int lastLine) {
        return new LogicalLine(text, startLine, lastLine, pieces, List.copyOf(bodies));
    }

    /** The place of {@code text.substring(from, to)}; at least one column wide, so that a caret can be drawn. */
    SourceRange range(int from, int to) {
        Piece first = pieceAt(from);
        Piece last = pieceAt(Math.max(from, to - 1));
        int end = last.column() + Math.max(from + 1, to) - last.offset();
        return new SourceRange(first.line(), first.column() + from - first.offset(), last.line(), end);
    }

    SourceRange range(Word word) {
        return range(word.start(), word.end());
    }

    private Piece pieceAt(int offset) {
        Piece found = pieces.getFirst();
        for (Piece piece : pieces) {
            if (piece.offset() <= offset) {
                found = piece;
            }
        }
        return found;
    }
}
