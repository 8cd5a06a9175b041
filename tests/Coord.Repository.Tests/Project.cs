using System.Xml.Linq;

namespace Coord.Repository.Tests;

/// <summary>What a project file says about its name, its references and its purity.</summary>
internal sealed record Project(
    string Name, string Path, bool IsPure, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static IReadOnlyList<Project> All { get; } =
        SourceTree.WithExtension(".csproj").Select(f => Parse(f.Path, f.Text)).ToArray();

    public static Project Parse(string path, string xml)
    {
        var document = XDocument.Parse(xml);
        return new Project(
            System.IO.Path.GetFileNameWithoutExtension(path),
            path,
            document.Descendants("IsPure").Any(e => e.Value == "true"),
            References(document, "ProjectReference").Select(NameOf).ToArray(),
            References(document, "PackageReference").ToArray());
    }

    private static IEnumerable<string> References(XDocument document, string kind) =>
        document.Descendants(kind).Select(e => (string?)e.Attribute("Include")).OfType<string>();

    private static string NameOf(string reference) =>
        System.IO.Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
}
