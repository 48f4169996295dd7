#!/bin/sh
# Draws every icon file from icon.svg. Needs rsvg-convert (librsvg), ImageMagick and Perl.
set -eu
cd "$(dirname "$0")"

png() { rsvg-convert --width "$1" --height "$1" --output "$2" icon.svg; }

png 32 32x32.png
png 128 128x128.png
png 256 128x128@2x.png
png 512 icon.png

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for size in 16 24 32 48 64 128 256 512 1024; do png "$size" "$work/$size.png"; done
convert "$work/16.png" "$work/24.png" "$work/32.png" "$work/48.png" "$work/64.png" "$work/256.png" icon.ico

# An icns file is the word "icns", its length, and for each picture a four-letter type, a length and a PNG.
perl -e '
    my ($folder) = @ARGV;
    my @kinds = (["icp4", 16], ["icp5", 32], ["ic07", 128], ["ic08", 256], ["ic09", 512], ["ic10", 1024]);
    my $pictures = "";
    for my $kind (@kinds) {
        my ($name, $size) = @$kind;
        open(my $file, "<:raw", "$folder/$size.png") or die "$folder/$size.png: $!";
        my $png = do { local $/; <$file> };
        $pictures .= $name . pack("N", length($png) + 8) . $png;
    }
    binmode STDOUT;
    print "icns", pack("N", length($pictures) + 8), $pictures;
' "$work" > icon.icns
