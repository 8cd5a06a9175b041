namespace Coord.Repository.Tests;

/// <summary>
/// What users compile against changes only on purpose: the public surface of the packages is a checked-in text.
/// COORD_RECORD=1 writes it anew; the difference then belongs into the same commit, and into CHANGELOG.md.
/// </summary>
public class PublicSurfaceTests
{
    [Theory]
    [InlineData("src/Coord.Client")]
    [InlineData("src/Coord.Client.Testing")]
    [InlineData("src/Coord.Protocol")]
    public void The_public_surface_is_the_recorded_one(string project)
    {
        var path = $"{project}/PublicSurface.txt";
        var surface = PublicSurface.Of(
            CSharpFile.Production.Where(f => f.Path.StartsWith($"{project}/", StringComparison.Ordinal)));
        if (Environment.GetEnvironmentVariable("COORD_RECORD") == "1")
            File.WriteAllText(Path.Combine(SourceTree.Root, path), string.Join('\n', surface) + "\n");

        var recorded = SourceTree.Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        SourceTree.AssertNone(
            [.. surface.Except(recorded).Select(l => $"+ {l}"), .. recorded.Except(surface).Select(l => $"- {l}")],
            $"{project} differs from {path} (COORD_RECORD=1 records it):");
    }

    [Fact]
    public void Every_kind_of_public_change_shows()
    {
        var surface = PublicSurface.Of([CSharpFile.Parse(new SourceFile("src/A.cs", """
            namespace N;
            /// <summary>Said.</summary>
            public sealed record Point(int X) : IShape
            {
                [Obsolete] public int Y { get; init; } = 3; // why
                public static Point operator +(Point a, Point b) => a;
                public int Sum(int by = 1) { return X + by; }
                public const int Max = 5;
                internal int Hidden => 1;
                int alsoHidden;
            }
            public interface IShape { int Area(); }
            public enum Kind { A = 1, B }
            internal sealed class Inner { public int Unseen; }
            """))]);
        Assert.Equal(
            [
                "N.IShape: int Area()",
                "N.IShape: public interface IShape",
                "N.Kind.A = 1",
                "N.Kind.B",
                "N.Kind: public enum Kind",
                "N.Point: public const int Max = 5",
                "N.Point: public int Sum(int by = 1)",
                "N.Point: public int Y { get; init; }",
                "N.Point: public sealed record Point(int X) : IShape",
                "N.Point: public static Point operator +(Point a, Point b)",
            ],
            surface);
    }
}
