/* SPDX-License-Identifier: MIT */
/* parts: selects the FreeType modules of the static binary. FreeType's own FT_Init_FreeType links every module; only
 * those for TrueType and OpenType fonts are needed. Replaces FreeType's ftinit.c; see `make static`. */
#include <ft2build.h>
#include <stdlib.h>
#include FT_FREETYPE_H
#include FT_MODULE_H
#include FT_SYSTEM_H

extern const FT_Module_Class tt_driver_class, cff_driver_class, sfnt_module_class, psaux_module_class,
    psnames_module_class, pshinter_module_class, ft_smooth_renderer_class;

static void *take(FT_Memory memory, long size)
{
    (void)memory;
    return malloc((size_t)size);
}

static void *resize(FT_Memory memory, long old_size, long size, void *block)
{
    (void)memory;
    (void)old_size;
    return realloc(block, (size_t)size);
}

static void give_back(FT_Memory memory, void *block)
{
    (void)memory;
    free(block);
}

FT_Error FT_Init_FreeType(FT_Library *library)
{
    static struct FT_MemoryRec_ memory = {NULL, take, give_back, resize};
    FT_Error error = FT_New_Library(&memory, library);
    if (error == 0)
        FT_Add_Default_Modules(*library);
    return error;
}

FT_Error FT_Done_FreeType(FT_Library library)
{
    return FT_Done_Library(library);
}

void FT_Add_Default_Modules(FT_Library library)
{
    const FT_Module_Class *const modules[] = {
        &psnames_module_class, &psaux_module_class, &pshinter_module_class,    &sfnt_module_class,
        &tt_driver_class,      &cff_driver_class,   &ft_smooth_renderer_class, NULL,
    };
    for (const FT_Module_Class *const *module = modules; *module != NULL; module++)
        FT_Add_Module(library, *module);
}

void FT_Set_Default_Properties(FT_Library library)
{
    (void)library; /* the environment must not affect plots */
}

/* Brotli is only needed for WOFF2, a format for web pages. 0 reports an error. */
int BrotliDecoderDecompress(size_t size, const unsigned char *bytes, size_t *decoded_size, unsigned char *decoded);
int BrotliDecoderDecompress(size_t size, const unsigned char *bytes, size_t *decoded_size, unsigned char *decoded)
{
    (void)size;
    (void)bytes;
    (void)decoded_size;
    (void)decoded;
    return 0;
}
