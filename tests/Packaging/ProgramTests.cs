using System.Runtime.InteropServices;

namespace Coord.Packaging;

/// <summary>Programs on the client, against a node: outside this tree, trimmed, and in native code.</summary>
[Collection(PackagingCollection.Name)]
public sealed class ProgramTests(BuiltPackages packages, SingleNode node)
{
    private const string NativeRuntime = "Microsoft.NETCore.App.Runtime.NativeAOT";

    private const string Outside = "bin/Release/net10.0/Outside.dll";

    private const string Expected = """
        /native/greeting says hello
        the cache says hello too
        visit 1
        the lock is held for the sample: Held
        a permit: Held

        """;

    /// <summary>
    /// A package that only builds inside its own tree is none: its versions, its dependencies and its public surface
    /// are met here as by somebody who has nothing but the feed.
    /// </summary>
    [Fact]
    public async Task A_program_outside_restores_the_packages_and_runs()
    {
        var folder = await MakeOutsideAsync("Coord.Client", File.ReadAllText(Path.Combine(Sample, "Program.cs")));

        var output = await DotnetCommand.RunAsync(folder, "exec", Outside, node.Address);

        Assert.Equal(Expected, output);
    }

    /// <summary>
    /// The kit calls what is internal to the client and the node, and the node is a program: that all compile inside
    /// their tree does not show that the packages fit together.
    /// </summary>
    [Fact]
    public async Task A_test_outside_restores_the_test_kit_and_runs_a_cluster()
    {
        var folder = await MakeOutsideAsync("Coord.Client.Testing", """
            using System.Text;
            using Coord.Client;
            using Coord.Client.Recipes;
            using Coord.Client.Testing;

            await using var cluster = await CoordTestCluster.StartAsync(nodes: 3);
            await using var coord = cluster.CreateClient();
            await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync();
            await cluster.Leader.KillAsync();
            await coord.CreateAsync("/a", "survived"u8.ToArray());
            await cluster.ExpireAsync(coord);
            held.LostToken.WaitHandle.WaitOne();
            Console.WriteLine($"{held.State}, {Encoding.UTF8.GetString((await coord.GetAsync("/a")).Bytes.Span)}");

            await using var alone = await InMemoryCoordClient.StartAsync();
            Console.WriteLine(await alone.TryGetAsync("/a") is null ? "and a tree of its own" : "of the same tree");
            """);

        var output = await DotnetCommand.RunAsync(folder, "exec", Outside);

        Assert.Equal("Lost, survived\nand a tree of its own\n", output);
    }

    /// <summary>
    /// What the trimmer removes or the compiler cannot see is missed only when it is called; so the program is run.
    /// </summary>
    [Fact]
    public async Task The_sample_runs_trimmed()
    {
        var (code, printed) = await PublishAsync("trimmed", "-p:PublishTrimmed=true", "--self-contained");

        Assert.True(code == 0, printed);
        Assert.DoesNotContain("warning", printed, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Expected, await RunSampleAsync("trimmed"));
        Assert.False(File.Exists(Path.Combine(Sample, "trimmed", "System.Private.Xml.dll")));
    }

    [Fact]
    public async Task The_sample_runs_in_native_code()
    {
        Assert.SkipUnless(HasLinker, "Native code is linked by a C compiler: apt-get install gcc libc6-dev");
        var (code, printed) = await PublishAsync("native", "-p:PublishAot=true");

        Assert.SkipWhen(
            printed.Contains($"NU1101: Unable to find package {NativeRuntime}", StringComparison.Ordinal),
            $"The machine's package sources have no {NativeRuntime}, which native code is linked with.");
        Assert.True(code == 0, printed);
        Assert.DoesNotContain("warning", printed, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Expected, await RunSampleAsync("native"));
        Assert.False(File.Exists(Path.Combine(Sample, "native", "NativeAot.dll")));
    }

    private string Sample => Path.Combine(packages.First.Root, "samples", "NativeAot");

    private static bool HasLinker =>
        new[] { "clang", "gcc" }.Any(static name => File.Exists(Path.Combine("/usr/bin", name)));

    /// <summary>Builds a program that knows nothing but the feed, and what the machine's own sources have.</summary>
    /// <returns>Its folder.</returns>
    private async Task<string> MakeOutsideAsync(string package, string program)
    {
        var folder = packages.NewFolder($"outside-{package}");
        var version = packages.VersionOf(package);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program);
        await File.WriteAllTextAsync(Path.Combine(folder, "Outside.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        // A cache of its own: the same version may have been there before.
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="cache" /></config>
              <packageSources><add key="built" value="{packages.First.Feed}" /></packageSources>
            </configuration>
            """);

        await DotnetCommand.RunAsync(folder, "build", "-c", "Release", "--nologo", "-warnaserror");
        Assert.True(Directory.Exists(Path.Combine(folder, "cache", package.ToLowerInvariant(), version)));
        return folder;
    }

    private Task<(int ExitCode, string Printed)> PublishAsync(string into, params string[] how) =>
        DotnetCommand.TryRunAsync(
            "dotnet", Sample,
            [
                "publish", "-c", "Release", "-o", into, "--nologo", "-p:NuGetAudit=false",
                "-r", RuntimeInformation.RuntimeIdentifier, .. how,
            ]);

    private Task<string> RunSampleAsync(string folder) =>
        DotnetCommand.RunProgramAsync(Path.Combine(Sample, folder, "NativeAot"), Sample, node.Address);
}
