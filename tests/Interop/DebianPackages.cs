namespace Coord.Interop;

/// <summary>Other people's clients come as Debian packages; a test without one is skipped and says which.</summary>
internal static class DebianPackages
{
    public static void Require(bool isInstalled, string packages) =>
        Assert.SkipUnless(
            isInstalled, $"needs {packages}: sudo apt-get install -y --no-install-recommends {packages}");
}
