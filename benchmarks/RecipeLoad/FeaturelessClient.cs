using System.Reflection;
using Coord.Client;

namespace Coord.RecipeLoad;

/// <summary>
/// A client whose recipes find a server without extensions: counters are read, computed here and set with the version,
/// as on ZooKeeper.
/// </summary>
internal class FeaturelessClient : DispatchProxy
{
    private ICoordClient client = null!;

    internal static ICoordClient Over(ICoordClient client)
    {
        var over = Create<ICoordClient, FeaturelessClient>();
        ((FeaturelessClient)over).client = client;
        return over;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == $"get_{nameof(ICoordClient.Features)}"
            ? ServerFeatures.None
            : targetMethod.Invoke(client, BindingFlags.DoNotWrapExceptions, null, args, null);
}
