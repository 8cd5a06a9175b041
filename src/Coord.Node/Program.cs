using Coord.Node.Hosting;

try
{
    return await CommandLine.Create(NodeHost.RunAsync).Parse(args).InvokeAsync(
        new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (SettingsException wrong)
{
    Console.Error.WriteLine($"coord: {wrong.Message}");
    return ExitCodes.WrongSettings;
}
catch (Coord.Node.Storage.DataUnusableException unusable)
{
    Console.Error.WriteLine($"coord: {unusable.Message}");
    return ExitCodes.DataUnusable;
}
catch (Coord.Node.Storage.StorageFailedException failed)
{
    Console.Error.WriteLine($"coord: {failed.Message}");
    return ExitCodes.BrokenInvariant;
}
