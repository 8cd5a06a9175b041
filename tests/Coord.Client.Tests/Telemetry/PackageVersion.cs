using System.Reflection;

namespace Coord.Client.Tests;

/// <summary>What the library's package is called by, without what a build adds about its sources.</summary>
internal static class PackageVersion
{
    public static string Text { get; } = typeof(CoordClient).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
