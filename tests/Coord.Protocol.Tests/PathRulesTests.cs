using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.Protocol.Tests;

/// <summary>zookeeper-protocol 5.1, row by row, in both forms: clients check text, servers check bytes.</summary>
public class PathRulesTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/b.c/..d/...")]
    [InlineData("/with space/and:colon/100%")]
    [InlineData("/caf\u00e9/\u65e5\u672c")]
    [InlineData("/\uf900/\uffef")]
    public void Valid_paths(string path)
    {
        Assert.True(PathRules.IsValid(Encoding.UTF8.GetBytes(path)));
        Assert.True(PathRules.Validate(path, out _, out var reason), reason);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 0)]
    [InlineData("/a/", 3)]
    [InlineData("//a", 1)]
    [InlineData("/a//b", 3)]
    [InlineData("/.", 1)]
    [InlineData("/a/../b", 3)]
    [InlineData("/a\0b", 2)]
    [InlineData("/a\u0001", 2)]
    [InlineData("/a\u001f", 2)]
    [InlineData("/a\u007f", 2)]
    [InlineData("/a\u009f", 2)]
    [InlineData("/\ue000", 1)]
    [InlineData("/\uf8ff", 1)]
    [InlineData("/\ufff0", 1)]
    [InlineData("/a\U0001F600", 2)]
    public void Wrong_paths(string path, int position)
    {
        Assert.False(PathRules.IsValid(Encoding.UTF8.GetBytes(path)));
        Assert.False(PathRules.Validate(path, out var at, out var reason));
        Assert.Equal(position, at);
        Assert.NotEmpty(reason);
    }

    // Row by row of the table, for each code unit there is: a bound that is off by one shows.
    [Fact]
    public void Every_character_of_the_basic_plane_is_judged_by_the_table()
    {
        for (var c = 0; c <= char.MaxValue; c++)
        {
            var isForbidden = c is <= 0x1f or (>= 0x7f and <= 0x9f) or (>= 0xd800 and <= 0xf8ff) or >= 0xfff0;
            var path = $"/a/x{(char)c}y";
            Assert.True(isForbidden != PathRules.Validate(path, out _, out _), $"U+{c:X4} in text");
            if (!char.IsSurrogate((char)c))
                Assert.True(isForbidden != PathRules.IsValid(Encoding.UTF8.GetBytes(path)), $"U+{c:X4} in bytes");
        }
    }

    [Fact]
    public void Bytes_and_text_are_judged_alike()
    {
        var parts = Gen.Elements(
            "/", ".", "..", "a", "caf\u00e9", "\0", "\u0085", "\ue000", "\U0001F600", " ", "//", "\uffef");
        Prop.ForAll(parts.ListOf().Select(list => "/" + string.Concat(list)).ToArbitrary(), path =>
                PathRules.IsValid(Encoding.UTF8.GetBytes(path)) == PathRules.Validate(path, out _, out _))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("2f61ff")]
    [InlineData("2fc3")]
    [InlineData("2feda080")]
    public void Bytes_that_are_no_utf8_are_no_path(string hex) => Assert.False(PathRules.IsValid(Hex.Bytes(hex)));

    [Theory]
    [InlineData("/a", "/", "a")]
    [InlineData("/a/b/c", "/a/b", "c")]
    public void Parent_and_name(string path, string parent, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        Assert.Equal(parent, Encoding.UTF8.GetString(PathRules.Parent(bytes)));
        Assert.Equal(name, Encoding.UTF8.GetString(PathRules.Name(bytes)));
    }
}
