package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	log "github.com/sirupsen/logrus"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/git"
)

// A checkout is what the git generator asks instead of a repo server: the same listing of files, without the network.
type checkout struct {
	root   string
	client git.Client
}

func (c checkout) GetFiles(_ context.Context, _, _, _, pattern string, _, _ bool) (map[string][]byte, error) {
	names, err := c.client.LsFiles(pattern, false)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[name], err = os.ReadFile(filepath.Join(c.root, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (c checkout) GetDirectories(context.Context, string, string, string, bool, bool) ([]string, error) {
	return nil, fmt.Errorf("the test lists no directories")
}

func applications(arguments []string) (any, error) {
	root := arguments[0]
	var set v1alpha1.ApplicationSet
	if err := readStrict(arguments[1], &set); err != nil {
		return nil, err
	}
	var project v1alpha1.AppProject
	if err := readStrict(arguments[2], &project); err != nil {
		return nil, err
	}
	if err := project.ValidateProject(); err != nil {
		return nil, err
	}
	if err := utils.CheckInvalidGenerators(&set); err != nil {
		return nil, err
	}
	gitClient, err := git.NewClientExt("https://git.example.com/unused", root, git.NopCreds{}, false, false, "", "")
	if err != nil {
		return nil, err
	}
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	cluster := fake.NewClientBuilder().WithScheme(scheme).WithObjects(&project).Build()
	known := map[string]generators.Generator{
		"Git": generators.NewGitGenerator(checkout{root, gitClient}, set.Namespace),
	}
	found, _, err := template.GenerateApplications(log.NewEntry(log.StandardLogger()), set, known, &utils.Render{}, cluster)
	if err != nil {
		return nil, err
	}
	for _, application := range found {
		if !project.IsSourcePermitted(application.Spec.GetSource()) {
			return nil, fmt.Errorf("%s: the project does not permit its source", application.Name)
		}
	}
	return found, nil
}

// readStrict refuses fields that the type does not have.
func readStrict(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
