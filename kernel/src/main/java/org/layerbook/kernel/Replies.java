package org.layerbook.kernel;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dflib.jjava.jupyter.kernel.ExpressionValue;
import org.dflib.jjava.jupyter.kernel.history.HistoryEntry;
import org.dflib.jjava.jupyter.kernel.history.HistoryManager.ResultFlag;
import org.dflib.jjava.jupyter.messages.reply.CompleteReply;
import org.dflib.jjava.jupyter.messages.reply.ErrorReply;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;
import org.dflib.jjava.jupyter.messages.reply.HistoryReply;
import org.dflib.jjava.jupyter.messages.reply.IsCompleteReply;
import org.dflib.jjava.jupyter.messages.request.HistoryRequest;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.Interpreter.Completion;
import org.layerbook.kernel.wire.Fault;

/** The contents of replies. Where the library's class lacks a field, a subclass of it adds the field. */
final class Replies {
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private Replies() {}

    private static final class Executed extends ExecuteReply {
        @SuppressWarnings("unused") // read by Gson
        private final List<Object> payload = List.of();

        private Executed(int count, Map<String, ExpressionValue> values) {
            super(count, values);
        }
    }

    static ExecuteReply executed(int count, Map<String, ExpressionValue> values) {
        return new Executed(count, values);
    }

    static ErrorReply failed(int count, CellResult.Failed failed, List<String> traceback) {
        var reply = new ErrorReply(failed.name(), failed.message(), traceback);
        reply.setExecutionCount(count);
        return reply;
    }

    static ErrorReply error(Fault fault) {
        return new ErrorReply(fault.name(), fault.sentence(), List.of());
    }

    static JsonObject aborted() {
        var reply = new JsonObject();
        reply.addProperty("status", "aborted");
        return reply;
    }

    /** What a notebook shows for a failure: its name and sentence, then the details. */
    static List<String> traceback(CellResult.Failed failed) {
        var lines = new ArrayList<String>();
        lines.add(RED + failed.name() + PLAIN + ": " + failed.message());
        // At a prompt the details stand alone, and so may begin with the sentence.
        boolean repeats = failed.details().stream()
                .findFirst()
                .filter(failed.message()::equals)
                .isPresent();
        lines.addAll(failed.details().subList(repeats ? 1 : 0, failed.details().size()));
        return lines;
    }

    static String sentence(Throwable fault) {
        return Optional.ofNullable(fault.getMessage()).orElseGet(fault::toString);
    }

    static CompleteReply completed(String code, Completion completion) {
        int start = CodePoints.fromUtf16(code, completion.start());
        int end = CodePoints.fromUtf16(code, completion.end());
        var types = new JsonArray();
        for (Candidate candidate : completion.candidates()) {
            var type = new JsonObject();
            type.addProperty("start", start);
            type.addProperty("end", end);
            type.addProperty("text", candidate.text());
            type.addProperty("type", candidate.type());
            type.addProperty("signature", candidate.description());
            types.add(type);
        }
        return new CompleteReply(
                completion.candidates().stream().map(Candidate::text).toList(),
                start,
                end,
                Map.of("_jupyter_types_experimental", types));
    }

    static IsCompleteReply completeness(Completeness completeness) {
        return switch (completeness) {
            case COMPLETE -> IsCompleteReply.VALID_CODE;
            case INCOMPLETE -> IsCompleteReply.getIncompleteReplyWithIndent("");
            case INVALID -> IsCompleteReply.INVALID_CODE;
        };
    }

    static HistoryReply history(History history, HistoryRequest request) {
        Set<ResultFlag> flags = EnumSet.noneOf(ResultFlag.class);
        if (request.includeOutput()) {
            flags.add(ResultFlag.INCLUDE_OUTPUT);
        }
        List<HistoryEntry> found = switch (request) {
            case HistoryRequest.Range range ->
                history.lookupRange(range.getSessionIndex(), range.getStart(), limit(range.getStop()), flags);
            case HistoryRequest.Tail tail -> history.lookupTail(limit(tail.getMaxReturnLength()), flags);
            case HistoryRequest.Search search -> {
                if (search.filterUnique()) {
                    flags.add(ResultFlag.UNIQUE);
                }
                yield history.search(
                        Optional.ofNullable(search.getPattern()).orElse("*"),
                        limit(search.getMaxReturnLength()),
                        flags);
            }
            default -> throw new IllegalArgumentException("unknown hist_access_type");
        };
        return new HistoryReply(found);
    }

    /** A request that names no number reads as 0 and means all. */
    private static int limit(int asked) {
        return asked <= 0 ? Integer.MAX_VALUE : asked;
    }

    /** The answer of the debug adapter protocol to a request that is not supported. */
    static JsonObject noDebugger(JsonObject request) {
        var reply = new JsonObject();
        reply.addProperty("type", "response");
        reply.add("request_seq", request.get("seq"));
        reply.addProperty("seq", 0);
        reply.addProperty("success", false);
        reply.add("command", request.get("command"));
        reply.addProperty("message", "debugging is not supported");
        reply.add("body", new JsonObject());
        return reply;
    }
}
