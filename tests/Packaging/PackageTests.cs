using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Coord.Packaging;

/// <summary>What is in the packages, and that it does not depend on where or by whom they were made.</summary>
[Collection(PackagingCollection.Name)]
public sealed class PackageTests(BuiltPackages packages)
{
    public static TheoryData<string> Projects { get; } = [.. BuiltPackages.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_package_holds_the_library_its_documentation_and_its_readme(string project)
    {
        using var zip = ZipFile.OpenRead(packages.PackageOf(project));
        var names = zip.Entries.Select(static entry => entry.FullName).ToHashSet();

        Assert.Superset(
            new HashSet<string> { "README.md", $"lib/net10.0/{project}.dll", $"lib/net10.0/{project}.xml" }, names);
        using var symbols = ZipFile.OpenRead(packages.PackageOf(project, ".snupkg"));
        Assert.Contains($"lib/net10.0/{project}.pdb", symbols.Entries.Select(static entry => entry.FullName));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_package_says_what_it_is_and_names_no_repository(string project)
    {
        var metadata = MetadataOf(project);
        var byName = metadata.Elements().ToDictionary(static element => element.Name.LocalName);

        Assert.Equal(project, byName["id"].Value);
        Assert.Equal("Apache-2.0", byName["license"].Value);
        Assert.Equal("expression", (string?)byName["license"].Attribute("type"));
        Assert.Equal("README.md", byName["readme"].Value);
        Assert.Equal("The Coord authors", byName["authors"].Value);
        Assert.NotEqual("Package Description", byName["description"].Value);
        Assert.False(byName.ContainsKey("repository"));
        Assert.False(byName.ContainsKey("projectUrl"));
    }

    [Fact]
    public void The_client_needs_the_protocol_and_the_loggers_interface_and_nothing_else()
    {
        var needed = MetadataOf("Coord.Client").Descendants()
            .Where(static element => element.Name.LocalName == "dependency")
            .Select(static element => (string?)element.Attribute("id"));

        Assert.Equal(["Coord.Protocol", "Microsoft.Extensions.Logging.Abstractions"], needed);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_same_sources_give_the_same_bytes_in_another_place(string project)
    {
        var library = packages.First.Built(project, $"{project}.dll");
        Assert.Equal(library, packages.Second.Built(project, $"{project}.dll"));
        Assert.Equal(library, EntryOf(packages.PackageOf(project), $"lib/net10.0/{project}.dll"));

        var symbols = packages.First.Built(project, $"{project}.pdb");
        Assert.Equal(symbols, packages.Second.Built(project, $"{project}.pdb"));
        Assert.DoesNotContain(packages.First.Root, Encoding.Latin1.GetString(symbols), StringComparison.Ordinal);
        Assert.DoesNotContain(packages.First.Root, Encoding.Latin1.GetString(library), StringComparison.Ordinal);
    }

    private static byte[] EntryOf(string package, string name)
    {
        using var zip = ZipFile.OpenRead(package);
        using var bytes = new MemoryStream();
        using var entry = zip.GetEntry(name)!.Open();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    private XElement MetadataOf(string project)
    {
        var manifest = EntryOf(packages.PackageOf(project), $"{project}.nuspec");
        using var stream = new MemoryStream(manifest);
        return XDocument.Load(stream).Root!.Elements().Single(static element => element.Name.LocalName == "metadata");
    }
}
