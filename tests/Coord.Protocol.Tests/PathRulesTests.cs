using System.Text;

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
