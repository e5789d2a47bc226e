/**
 * Layers as trees and as tars. On disk a layer is the <em>diff</em> that overlayfs keeps in an upper directory: what was
 * added or changed, character devices 0:0 for deleted names, and an attribute on directories that replace what was below.
 * As a tar it is what the OCI image specification, "Image Layer Filesystem Changeset", says.
 *
 * <p>File names are bytes. Where this package handles them as text it uses <em>raw</em> strings: one {@code char}, 0 to
 * 255, a byte (see {@link org.layerbook.engine.layer.tar.ByteString}); so nothing is lost, and they compare as bytes do.
 */
package org.layerbook.engine.layer;
