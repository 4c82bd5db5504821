package io.github.videotomp3.converter;

/** Says that segments cannot be joined into what one encoder would have made of it all: encode it in one go instead. */
public class UnjoinableException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnjoinableException(String message) {
        super(message);
    }
}
