using System.IO.Compression;
using System.Text;
using System.Xml.Linq;

namespace Coord.Packaging;

/// <summary>What is in the packages, and that it does not depend on where or by whom they were made.</summary>
[Collection(PackagingCollection.Name)]
public sealed class PackageTests(BuiltPackages packages)
{
    public static TheoryData<string> Projects { get; } = [.. BuiltPackages.Projects];

    /// <summary>
    /// All but the node: of several classes with log messages the generator of .NET 10 writes now this and now that one
    /// first, and the symbols hold what it wrote (dotnet/runtime 119587, repaired in .NET 11).
    /// </summary>
    public static TheoryData<string> Reproducible { get; } = [.. BuiltPackages.Projects.Except(["Coord.Node"])];

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
        Assert.Equal(
            ["Coord.Protocol", "Microsoft.Extensions.Logging.Abstractions"],
            NeededBy("Coord.Client").Select(static needed => needed.Id));
        Assert.Empty(FrameworksOf("Coord.Client"));
    }

    /// <summary>It calls what other builds of them may not have: an upgrade of one is an upgrade of all.</summary>
    [Fact]
    public void The_test_kit_needs_the_client_and_the_node_of_its_own_version()
    {
        var version = $"[{packages.VersionOf("Coord.Client.Testing")}]";

        // The others are those that these two need.
        Assert.Equal(
            [("Coord.Client", version), ("Coord.Node", version)],
            NeededBy("Coord.Client.Testing").Where(
                static needed => needed.Id.StartsWith("Coord.", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_node_brings_its_command_line_and_ASP_NET_Core()
    {
        Assert.Equal(
            ["Coord.Protocol", "Coord.Raft", "Coord.StateMachine", "System.CommandLine"],
            NeededBy("Coord.Node").Select(static needed => needed.Id));
        Assert.Equal(["Microsoft.AspNetCore.App"], FrameworksOf("Coord.Node"));
    }

    [Theory]
    [MemberData(nameof(Reproducible))]
    public void The_same_sources_give_the_same_bytes_in_another_place(string project)
    {
        foreach (var file in new[] { $"{project}.dll", $"{project}.pdb" })
            Assert.Equal(packages.First.Built(project, file), packages.Second.Built(project, file));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_package_holds_what_was_built_and_names_no_place(string project)
    {
        var library = packages.First.Built(project, $"{project}.dll");
        Assert.Equal(library, EntryOf(packages.PackageOf(project), $"lib/net10.0/{project}.dll"));

        var symbols = packages.First.Built(project, $"{project}.pdb");
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

    private IEnumerable<(string Id, string Version)> NeededBy(string project) =>
        from element in MetadataOf(project).Descendants()
        where element.Name.LocalName == "dependency"
        select ((string)element.Attribute("id")!, (string)element.Attribute("version")!);

    private IEnumerable<string> FrameworksOf(string project) =>
        from element in MetadataOf(project).Descendants()
        where element.Name.LocalName == "frameworkReference"
        select (string)element.Attribute("name")!;

    private XElement MetadataOf(string project)
    {
        var manifest = EntryOf(packages.PackageOf(project), $"{project}.nuspec");
        using var stream = new MemoryStream(manifest);
        return XDocument.Load(stream).Root!.Elements().Single(static element => element.Name.LocalName == "metadata");
    }
}
