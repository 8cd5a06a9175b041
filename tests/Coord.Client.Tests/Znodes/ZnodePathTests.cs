using FsCheck;
using FsCheck.Fluent;

namespace Coord.Client.Tests;

public sealed class ZnodePathTests
{
    [Fact]
    public void Parts_are_joined_and_split()
    {
        Assert.Equal("/a", ZnodePath.Combine("/", "a"));
        Assert.Equal("/a/b", ZnodePath.Combine("/a", "b"));
        Assert.Equal("/a", ZnodePath.Parent("/a/b"));
        Assert.Equal("/", ZnodePath.Parent("/a"));
        Assert.Equal("b", ZnodePath.Name("/a/b"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("")]
    [InlineData("/a//b")]
    [InlineData("/a/")]
    [InlineData("/a/./b")]
    [InlineData("/a\0b")]
    public void A_wrong_path_is_refused(string path) =>
        Assert.ThrowsAny<ArgumentException>(() => ZnodePath.Parent(path));

    [Fact]
    public void A_path_over_4096_bytes_is_refused() =>
        Assert.Throws<ArgumentException>(() => ZnodePath.Parent("/" + new string('x', ZnodePath.MaxBytes)));

    /// <summary>Names made from users' text must neither clash nor leave their part of the path.</summary>
    [Fact]
    public void Any_text_becomes_one_valid_part_and_no_two_the_same()
    {
        Prop.ForAll<NonEmptyString, NonEmptyString>((a, b) =>
        {
            var first = ZnodePath.Escape(a.Get);
            Assert.Equal(2, ZnodePath.Combine("/r", first).Count(letter => letter == '/'));
            return a.Get == b.Get || first != ZnodePath.Escape(b.Get);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("order-7", "order-7")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("..", "%2E%2E")]
    [InlineData("é", "%C3%A9")]
    public void Readable_characters_are_kept(string text, string escaped) =>
        Assert.Equal(escaped, ZnodePath.Escape(text));

    [Fact]
    public void A_long_text_becomes_a_prefix_and_a_hash()
    {
        var a = ZnodePath.Escape(new string('x', 500));
        var b = ZnodePath.Escape(new string('x', 501));

        Assert.Equal(200, a.Length);
        Assert.NotEqual(a, b);
    }
}
