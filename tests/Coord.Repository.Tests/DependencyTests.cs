namespace Coord.Repository.Tests;

/// <summary>
/// The arrows of ARCHITECTURE.md. Raft has never heard of znodes, the tree has never heard of Raft, the protocol has
/// never heard of sockets: each can then be read, tested and replaced alone.
/// </summary>
public class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Coord.Raft"] = [],
        ["Coord.Protocol"] = [],
        ["Coord.StateMachine"] = ["Coord.Protocol"],
        ["Coord.Node"] = ["Coord.Raft", "Coord.StateMachine", "Coord.Protocol"],
        ["Coord.Client"] = ["Coord.Protocol"],
        ["Coord.Client.Testing"] = ["Coord.Client", "Coord.Node"],
        ["Coord.Cli"] = ["Coord.Client"],
    };

    private static readonly string[] Pure = ["Coord.Protocol", "Coord.Raft", "Coord.StateMachine"];

    [Fact]
    public void Projects_under_src_depend_only_along_the_drawn_arrows() =>
        SourceTree.AssertNone(Project.All.SelectMany(ForbiddenArrows), "Arrows that ARCHITECTURE.md does not draw:");

    [Fact]
    public void Every_arrow_that_is_allowed_points_at_a_project_that_exists()
    {
        var names = Project.All.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        SourceTree.AssertNone(
            Allowed.SelectMany(a => a.Value.Append(a.Key)).Distinct().Where(name => !names.Contains(name)),
            "Allowed, but gone:");
    }

    [Fact]
    public void Raft_protocol_and_state_machine_are_pure_and_nothing_else_claims_to_be()
    {
        var pure = Project.All.Where(p => p.IsPure).Select(p => p.Name).Order(StringComparer.Ordinal);
        Assert.Equal(Pure, pure);
    }

    [Fact]
    public void Pure_projects_reference_no_package() =>
        SourceTree.AssertNone(
            Project.All.Where(p => p.IsPure).SelectMany(p => p.Packages.Select(package => $"{p.Name} -> {package}")),
            "A pure project needs nothing but the base library:");

    [Fact]
    public void Every_package_has_a_decision_record()
    {
        var records = SourceTree.Files.Where(f => f.Path.StartsWith("docs/decisions/0", StringComparison.Ordinal))
            .Select(f => f.Text).ToArray();
        SourceTree.AssertNone(
            Packages().Where(package => !records.Any(r => r.Contains($"`{package}`", StringComparison.Ordinal))),
            "Packages that no record under docs/decisions names in backquotes:");
    }

    [Fact]
    public void Every_package_in_the_central_list_is_used()
    {
        var used = Project.All.SelectMany(p => p.Packages).ToHashSet(StringComparer.Ordinal);
        var targets = SourceTree.Text("Directory.Build.targets");
        SourceTree.AssertNone(
            Packages().Where(p => !used.Contains(p) && !targets.Contains($"\"{p}\"", StringComparison.Ordinal)),
            "Packages in Directory.Packages.props that no project uses:");
    }

    [Theory]
    [InlineData("src/Coord.Raft/Coord.Raft.csproj", "../Coord.Protocol/Coord.Protocol.csproj")]
    [InlineData("src/Coord.StateMachine/Coord.StateMachine.csproj", "../Coord.Raft/Coord.Raft.csproj")]
    [InlineData("src/Coord.Client/Coord.Client.csproj", "../Coord.Node/Coord.Node.csproj")]
    [InlineData("samples/Any/Any.csproj", "../../src/Coord.Node/Coord.Node.csproj")]
    [InlineData("src/Coord.New/Coord.New.csproj", "../Coord.Raft/Coord.Raft.csproj")]
    public void A_planted_arrow_is_found(string path, string reference)
    {
        var xml = $"""<Project><ItemGroup><ProjectReference Include="{reference}" /></ItemGroup></Project>""";
        Assert.NotEmpty(ForbiddenArrows(Project.Parse(path, xml)));
    }

    private static IEnumerable<string> Packages() =>
        System.Xml.Linq.XDocument.Parse(SourceTree.Text("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(e => (string)e.Attribute("Include")!);

    private static IEnumerable<string> ForbiddenArrows(Project project)
    {
        var allowed = project.Path.Split('/')[0] switch
        {
            "src" => Allowed.GetValueOrDefault(project.Name, []),
            "samples" => ["Coord.Client", "Coord.Client.Testing"],
            _ => project.Projects,   // Tests and benchmarks may see everything.
        };
        return project.Projects.Except(allowed).Select(target => $"{project.Name} -> {target}");
    }
}
