package org.layerbook.interpreter.magic;

import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.interpreter.report.LayersReport;

/** Images and what is in them, for magics that inspect. */
public interface ImagePort {
    /** The image that {@code @…} names, or that is stored under a name or id. */
    Image image(String name) throws MagicException;

    /** The files of an image. */
    FileTree files(Image image) throws MagicException;

    /** The layers of an image, what each changed and what is wasted in them. */
    LayersReport layers(Image image) throws MagicException;
}
