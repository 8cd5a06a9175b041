using Coord.Simulation.Mutants;
using Coord.Simulation.Runs;

// Arguments of this program begin with its verb; all others belong to the test runner.
return args switch
{
    ["run", ..] => RunCommand.Execute(args[1..], Console.Out),
    [MutantsCommand.Verb, ..] => await MutantsCommand.ExecuteAsync(args[1..], Console.Out),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
