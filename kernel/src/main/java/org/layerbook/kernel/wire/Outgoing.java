package org.layerbook.kernel.wire;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * A message to a front-end that is not encoded yet.
 *
 * @param identities the routing frames on a ROUTER socket, the topic on IOPUB
 * @param parent the header's bytes of the request that this belongs to
 * @param content what Gson turns into the content: one of the library's classes, or a JSON tree
 */
public record Outgoing(
        Channel channel,
        List<byte[]> identities,
        String id,
        String type,
        Optional<byte[]> parent,
        JsonObject metadata,
        Object content) {
    public Outgoing with(Object other) {
        return new Outgoing(channel, identities, id, type, parent, metadata, other);
    }
}
